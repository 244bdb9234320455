import { label, property, type Resource } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";

/**
 * App Runner services: "by default ... the service is accessible over the internet" (AWS App Runner, "Enabling Private
 * endpoint for incoming traffic"). Nothing before them logs anybody in.
 */
export function appRunnerServices({ workloads }: World): Arrival[] {
  return workloads
    .filter(({ service }) => types.appRunnerService.includes(service.type))
    .flatMap((workload): Arrival[] => {
      const { service, containers } = workload;
      const isPublic = isPubliclyAccessible(service);
      if (isPublic === false) return [];
      const [port] = containers?.flatMap(({ ports }) => ports) ?? [];
      const note =
        isPublic === true
          ? "App Runner gives it a public URL, which logs nobody in"
          : "App Runner may give it a public URL (isPubliclyAccessible is not known)";
      return [
        {
          workload,
          // App Runner sends everything to this port of the one container, whatever address it listens on there.
          target: { containerName: service.name },
          port,
          hops: [{ resource: service, note }],
          certain: isPublic === true,
          fix: `set networkConfiguration.ingressConfiguration.isPubliclyAccessible to false on ${label(service)}, or PREFECT_SERVER_API_AUTH_STRING by runtimeEnvironmentSecrets`,
        },
      ];
    });
}

/** Undefined where it is not known. */
function isPubliclyAccessible(service: Resource): boolean | undefined {
  const accessible = property(service, "networkConfiguration").get("ingressConfiguration").get("isPubliclyAccessible");
  return accessible.isOmitted || accessible.flag();
}
