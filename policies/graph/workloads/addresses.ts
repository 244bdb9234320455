import { type Graph, property } from "../model";
import { type Document, placedElsewhere, type Workload } from "../tasks";
import { behindAddress } from "../relays/destinations";
import { types } from "../types";

const unseenMachine: Document = {
  name: "program",
  property: "targetId",
  fix: "declare what runs at that address in this stack, or let the load balancer log people in",
};

/** What a target group is told of by an address that is nothing of the stack: anything may run there. */
export function addressWorkloads(graph: Graph): Workload[] {
  const known = [
    ...types.instance,
    ...types.loadBalancer,
    ...types.lambda,
    ...types.lambdaAlias,
    ...types.networkInterface,
  ];
  return graph
    .ofType(types.targetGroupAttachment)
    .filter((attachment) =>
      graph.referred(property(attachment, "targetId"), known).every((each) => behindAddress(graph, each).length === 0),
    )
    .filter((attachment) => !graph.trusts(property(attachment, "targetId")))
    .flatMap((service) => {
      const targetGroup = property(service, "targetGroupArn");
      const own = property(service, "port");
      return graph.referred(targetGroup, types.targetGroup).map((definition) =>
        placedElsewhere({
          service,
          definition,
          containers: undefined,
          document: unseenMachine,
          targets: [
            {
              targetGroup,
              containerName: undefined,
              containerPort: own.isOmitted ? property(definition, "port").integer() : own.integer(),
            },
          ],
        }),
      );
    });
}
