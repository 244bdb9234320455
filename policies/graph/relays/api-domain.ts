import { type Graph, property, type Resource } from "../model";
import { types } from "../types";

/**
 * Whether strangers get to an API at all. Client certificates are asked for on custom domains, never on the API's own
 * endpoint: they count where that is switched off (Amazon API Gateway, "How to turn on mutual TLS authentication").
 */
export function isReachable(graph: Graph, api: Resource): { open: boolean; certain: boolean } {
  const off = property(api, "disableExecuteApiEndpoint");
  if (off.flag() !== true) return { open: true, certain: !off.isUnknown };
  const { httpApi, restApi, httpMapping, restMapping, httpDomain, restDomain } = types;
  const mappings = [
    ...graph.thatName(api, httpMapping, "apiId", httpApi),
    ...graph.thatName(api, httpMapping, "apiId", restApi),
    ...graph.thatName(api, restMapping, "restApi", restApi),
  ];
  const domains = mappings.map((mapping) =>
    graph.referred(property(mapping, "domainName"), [...httpDomain, ...restDomain]),
  );
  // Mapped by another stack, or to a domain of another one: that may ask for no certificate.
  if (domains.length === 0 || domains.some((each) => each.length === 0)) return { open: true, certain: false };
  const asks = domains.flat().every((domain) => {
    const truststore = property(domain, "mutualTlsAuthentication").get("truststoreUri");
    return !truststore.isOmitted;
  });
  return { open: !asks, certain: true };
}
