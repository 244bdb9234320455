import { open } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";
import { containerInstances, onMachines, started } from "./container-instances";

/** Tasks that events, pipes and state machines start. */

/** A state that runs the task with these parameters beside. */
const state = (parameters: Record<string, unknown>): Declared[] => {
  const run = {
    Type: "Task",
    Resource: "arn:aws:states:::ecs:runTask",
    Parameters: { TaskDefinition: "arn:task", ...parameters },
    End: true,
  };
  const definition = JSON.stringify({ StartAt: "Run", States: { Run: run } });
  return started(() =>
    declare("aws:sfn/stateMachine:StateMachine", "machine", {
      roleArn: "arn:role",
      definition: built(["task", "taskGroup"], definition),
    }),
  );
};
const chosenLater = cannotTell('aws.sfn.StateMachine "machine": may give its tasks public addresses');

export const taskStartCases: Cases = {
  "a task in host mode that a pipe starts on a trusted cluster": {
    stack: onMachines("host", {}, []).map((each) =>
      each.name === "service"
        ? declare("aws:pipes/pipe:Pipe", "pipe", {
            roleArn: "arn:role",
            source: "arn:queue",
            target: "arn:cluster",
            targetParameters: { ecsTaskParameters: { taskDefinitionArn: ref("task") } },
          })
        : each,
    ),
    trusted: ["arn:cluster"],
  },
  "an event called Prefect that starts no task, beside public container instances": {
    stack: [
      ...onMachines("host", {}, containerInstances(true), { ...open(32768), toPort: 65535 }).filter(
        ({ name }) => name !== "service",
      ),
      declare("aws:cloudwatch/eventTarget:EventTarget", "prefect", { arn: "arn:function" }),
    ],
  },
  "an event called Prefect, all of whose task is unknown in preview": {
    stack: [
      declare("random:index/randomPassword:RandomPassword", "key", { length: 16 }),
      declare("aws:cloudwatch/eventTarget:EventTarget", "prefect", {
        arn: "arn:cluster",
        ecsTarget: built(["key"], {
          taskDefinitionArn: "arn:elsewhere",
          networkConfiguration: { subnets: ["subnet-1"] },
        }),
      }),
    ],
    preview: cannotTell('aws.cloudwatch.EventTarget "prefect"'),
  },
  "a state machine called Prefect that starts a function": {
    stack: [
      declare("aws:lambda/function:Function", "function", { handler: "index.handler", runtime: "nodejs22.x" }),
      declare("aws:sfn/stateMachine:StateMachine", "prefect", {
        roleArn: "arn:role",
        definition: built(["function"], '{"States":{"Run":{"Type":"Task","Resource":"arn:function"}}}'),
      }),
    ],
  },
  "a state machine whose definition is no JSON": {
    stack: [declare("aws:sfn/stateMachine:StateMachine", "prefect", { roleArn: "arn:role", definition: "{" })],
  },
  "a state whose network is chosen when it runs": {
    stack: state({ "NetworkConfiguration.$": "$.network" }),
    ...chosenLater,
  },
  "a state whose interface is chosen when it runs": {
    stack: state({ NetworkConfiguration: { "AwsvpcConfiguration.$": "$.interface" } }),
    ...chosenLater,
  },
  "a state whose public address is chosen when it runs": {
    stack: state({
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          "AssignPublicIp.$": "$.public",
          SecurityGroups: ["id:taskGroup"],
          Subnets: ["subnet-1"],
        },
      },
    }),
    ...chosenLater,
  },
  "a state whose tasks say nothing of a public address": {
    stack: state({
      NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: ["id:taskGroup"], Subnets: ["subnet-1"] } },
    }),
    preview: chosenLater,
  },
};
