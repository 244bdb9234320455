import { type Graph, kept, property, type Resource } from "../graph/model";
import { types } from "../graph/types";
import { scriptIn } from "../graph/workloads/user-data";

/** What instances run at their start. */
export interface UserData {
  readonly resource: Resource;
  /** Undefined where it is not known or cannot be read. */
  readonly text: string | undefined;
}

const machines = [...types.instance, ...types.launchTemplate, ...types.launchConfiguration, ...types.lightsailInstance];

const found = new WeakMap<Graph, readonly UserData[]>();

/** The user data of all instances and launch templates that have any. */
export function userDataOf(graph: Graph): readonly UserData[] {
  return kept(found, graph, () =>
    graph.ofType(machines).flatMap((resource) =>
      ["userData", "userDataBase64"].flatMap((name) => {
        const value = property(resource, name);
        return value.isOmitted ? [] : [{ resource, text: scriptIn(value.text() ?? "") }];
      }),
    ),
  );
}
