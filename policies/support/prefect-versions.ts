import { isBelow, imageOf, versionOf } from "./images";

/** A release of Prefect that one should not be below, and why. */
export interface Floor {
  readonly version: readonly [major: number, minor: number, patch: number];
  readonly reason: string;
}

/** Before these, strangers get past Prefect's own authentication. */
export const holes: readonly Floor[] = [
  { version: [3, 6, 14], reason: "its socket /events/in takes events from strangers (CVE-2026-7723)" },
  {
    version: [3, 6, 22],
    reason: "every path that ends in /health or /ready passes without the auth string (CVE-2026-7722)",
  },
  { version: [3, 7, 3], reason: "a made-up Host header passes for another path (starlette, CVE-2026-48710)" },
];

/** Before these, something breaks behind a load balancer or a gateway. */
export const defects: readonly Floor[] = [
  { version: [3, 4, 8], reason: "clients cannot send headers of their own on sockets (prefect#18435)" },
  { version: [3, 7, 4], reason: "background services that end are not started again (prefect#22213)" },
  { version: [3, 7, 7], reason: "the UI redirects to the host behind the proxy (prefect#22405)" },
  {
    version: [3, 8, 3],
    reason: "clients lose task run events where a gateway asks for the credential on the upgrade (prefect#22812)",
  },
];

/** The version of a Prefect image by Prefect; undefined for other images and for tags that name none. */
export function prefectVersionOf(image: string | undefined): readonly number[] | undefined {
  if (image === undefined) return undefined;
  const { repository, tag } = imageOf(image);
  return /(?:^|\/)prefecthq\/prefect(?:-client)?$/i.test(repository) ? versionOf(tag) : undefined;
}

/** The floors that a version is below. */
export function floorsAbove(version: readonly number[], floors: readonly Floor[]): readonly Floor[] {
  return floors.filter((floor) => isBelow(version, floor.version));
}
