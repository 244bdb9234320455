import { call, type Inputs, type Translation } from "../translate";

/** internal/service/rds/instance.go; the last snapshot is made, or not, when the instance is deleted. */
const instance: Translation = (
  { skipFinalSnapshot, finalSnapshotIdentifier, deleteAutomatedBackups, ...inputs },
  { identifier },
) => [
  call(
    "rds",
    "CreateDBInstance",
    { ...inputs, DBInstanceIdentifier: identifier },
    {
      CreateDBInstanceMessage: {
        caCertIdentifier: "CACertificateIdentifier",
        instanceClass: "DBInstanceClass",
        parameterGroupName: "DBParameterGroupName",
        password: "MasterUserPassword",
        username: "MasterUsername",
      },
    },
  ),
  call("rds", "DeleteDBInstance", {
    DBInstanceIdentifier: identifier,
    skipFinalSnapshot,
    deleteAutomatedBackups,
    FinalDBSnapshotIdentifier: finalSnapshotIdentifier,
  }),
];

/** The provider describes what nobody described (internal/service/rds/subnet_group.go, parameter_group.go). */
const undescribed = "Managed by Pulumi";

const parameterGroup: Translation = ({ name, family, description = undescribed, parameters, ...inputs }) => [
  call("rds", "CreateDBParameterGroup", {
    ...inputs,
    DBParameterGroupName: name,
    DBParameterGroupFamily: family,
    description,
  }),
  call("rds", "ModifyDBParameterGroup", {
    DBParameterGroupName: name,
    parameters: (parameters as Inputs[] | undefined)?.map(({ name: parameter, value, applyMethod = "immediate" }) => ({
      ParameterName: parameter,
      ParameterValue: value,
      applyMethod: applyMethod,
    })),
  }),
];

export const storage: Record<string, Translation> = {
  "aws:rds/instance:Instance": instance,
  "aws:rds/parameterGroup:ParameterGroup": parameterGroup,
  "aws:rds/subnetGroup:SubnetGroup": ({ name, description = undescribed, ...inputs }) => [
    call("rds", "CreateDBSubnetGroup", {
      ...inputs,
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: description,
    }),
  ],
  "aws:secretsmanager/secret:Secret": ({ recoveryWindowInDays, ...inputs }, { arn }) => [
    call("secretsmanager", "CreateSecret", inputs),
    call("secretsmanager", "DeleteSecret", { SecretId: arn, recoveryWindowInDays: recoveryWindowInDays ?? 30 }),
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": (inputs) => [call("secretsmanager", "PutSecretValue", inputs)],
  "aws:cloudwatch/logGroup:LogGroup": ({ name, retentionInDays, ...inputs }) => [
    call("logs", "CreateLogGroup", { ...inputs, logGroupName: name }),
    ...(retentionInDays ? [call("logs", "PutRetentionPolicy", { logGroupName: name, retentionInDays })] : []),
  ],
};
