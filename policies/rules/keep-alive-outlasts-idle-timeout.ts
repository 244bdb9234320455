import { kindOf } from "../graph/entrances/load-balancers";
import { property, type Resource } from "../graph/model";
import type { Container, Workload } from "../graph/tasks";
import { withKeepAlive } from "../support/keep-alive-remedy";
import { nginxKeepsClients, nginxKeepsUpstreams } from "../support/nginx-timeouts";
import { setting } from "../support/prefect-settings";
import type { PrefectStack } from "../support/prefect-stack";
import type { Finding, Rule } from "../support/rule";

const variable = "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT";
/** Seconds: Prefect's (settings/models/server/api.py), an application load balancer's. */
const defaults = { prefect: 5, balancer: 60 };

/** Who ends an idle connection first resets the request that is on its way: sporadic 502s (prefect#8080). */
export const keepAliveOutlastsIdleTimeout: Rule = {
  name: "keep-alive-outlasts-idle-timeout",
  description: "Prefect, and nginx before it, keep idle connections longer than who calls them.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: `Set ${variable} above the idle timeout of what calls Prefect: 75 is above every default.`,
  remedy: withKeepAlive,
  find: (stack) => [...behindBalancers(stack), ...behindNginx(stack)],
};

function behindBalancers({ fronts, servers }: PrefectStack): Finding[] {
  const found = fronts.flatMap(({ balancer, ways }) =>
    balancer === undefined || kindOf(balancer) !== "application"
      ? []
      : ways.flatMap(({ workload, target }): Finding[] => {
          const idle = secondsOf(balancer);
          const container = workload.containers?.find(({ name }) => name === target.containerName);
          if (idle === undefined || container === undefined) return [];
          const isServer = servers.some((server) => server.container === container);
          const kept = isServer ? prefectKeeps(container) : nginxKeepsClients(container);
          if (kept === undefined || kept > idle) return [];
          const what = isServer ? variable : "keepalive_timeout";
          const message = `Container ${JSON.stringify(container.name)} ends idle connections after ${kept} s (${what}), the load balancer after ${idle} s. Set more than ${idle}.`;
          return [{ message, resource: resourceOf(workload) }];
        }),
  );
  return [...new Map(found.map((finding) => [`${finding.resource.urn} ${finding.message}`, finding])).values()];
}

function behindNginx({ servers }: PrefectStack): Finding[] {
  return servers.flatMap(({ workload, container }) => {
    const waits = (workload.containers ?? []).map(nginxKeepsUpstreams);
    const longest = Math.max(0, ...waits);
    const kept = prefectKeeps(container);
    if (kept === undefined || kept > longest) return [];
    const message = `Container ${JSON.stringify(container.name)} ends idle connections after ${kept} s (${variable}), nginx before it after ${longest} s. Set more than ${longest}.`;
    return [{ message, resource: resourceOf(workload) }];
  });
}

function secondsOf(balancer: Resource): number | undefined {
  const idle = property(balancer, "idleTimeout");
  return idle.isOmitted ? defaults.balancer : idle.integer();
}

function prefectKeeps(container: Container): number | undefined {
  const { isSet, value } = setting(container, variable);
  if (!isSet) return defaults.prefect;
  return /^\d{1,6}$/.test(value ?? "") ? Number(value) : undefined;
}

function resourceOf({ definition, service }: Workload): Resource {
  return definition ?? service;
}
