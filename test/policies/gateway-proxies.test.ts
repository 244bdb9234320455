import type { Container } from "../../policies/graph/tasks";
import { container } from "./support/containers";
import {
  prefect,
  asking,
  ofFile,
  nginx,
  open,
  proxy,
  skipping,
  withSecret,
  arriving,
  to,
  anyPort,
  bridge,
  table,
} from "./support/gateway";
import { secret } from "./support/oauth2-proxy";
import { gated } from "./support/pieces";

describe("nginx before Prefect", () => {
  const unseen = (more: Partial<Container> = {}): Container =>
    container({ name: "own", image: "acme/nginx:1", ports: [8080], ...more });
  const asked = [prefect(), nginx(gated), proxy({ UPSTREAMS: "static://202" })];
  table({
    "is open where it asks for nothing": [
      () => arriving([prefect(), nginx(open)]),
      "open",
      "lets requests without a login",
    ],
    "is open on a port that is not known": [() => arriving([prefect(), nginx(open)], anyPort), "open"],
    "is shut where it asks": [() => arriving(asked), "closed"],
    "is shut on a port that is not known": [() => arriving(asked, anyPort), "closed"],
    "is shut on a port where it does not listen": [() => arriving([prefect(), nginx(open)], { port: 9000 }), "closed"],
    "may have another program on a port that it is sent": [
      () => arriving([prefect(), nginx(gated), proxy({})], { port: 9000, ...to("nginx") }),
      "unclear",
      "on port 9000, on which nothing that is seen of it listens",
    ],
    "may have another program on a port that is not known, of those that it declares": [
      () => arriving([prefect(), nginx(gated, { ports: [8080, 9000] }), proxy({})], { ...anyPort, ...to("nginx") }),
      "unclear",
      "on port (not known)",
    ],
    "may have another program before a Prefect of which a file tells the port": [
      () =>
        arriving([asking(ofFile), nginx(gated, { ...withSecret, ports: [8080, 9000] }), proxy({})], {
          ...anyPort,
          ...to(undefined),
        }),
      "unclear",
    ],
    "may have another program before a Prefect that asks, only with a credential": [
      () => arriving([asking(), nginx(gated), proxy({})], { port: 9000, ...to("nginx") }),
      "closed",
    ],
    "may have another program that holds a credential, before a Prefect that asks": [
      () => arriving([asking(), nginx(gated, withSecret), proxy({})], { port: 9000, ...to("nginx") }),
      "unclear",
    ],
    "is unclear before what is likely a Prefect": [
      () => arriving([container({ name: "prefect", image: "acme/prefect:1", ports: [4200] }), nginx(open)]),
      "unclear",
    ],
    "is unclear before a Prefect that may ask": [() => arriving([prefect({ ...ofFile }), nginx(open)]), "unclear"],
    "is not seen": [
      () => arriving([prefect(), unseen()]),
      "unclear",
      "is nginx, and what it lets through cannot be seen",
    ],
    "is not seen, on another port than it declares": [() => arriving([prefect(), unseen()], { port: 9000 }), "closed"],
    "is not seen, on another port for which it is meant": [
      () => arriving([prefect(), unseen()], { port: 9000, ...to("own") }),
      "unclear",
    ],
    "is not seen and declares no port": [() => arriving([prefect(), unseen({ ports: [] })], { port: 9000 }), "unclear"],
    "is not seen, on a port that is not known": [() => arriving([prefect(), unseen()], anyPort), "unclear"],
    "is not seen, before a Prefect that asks": [() => arriving([asking(), unseen()]), "closed"],
    "is not seen and holds a secret, before a Prefect that asks": [
      () => arriving([asking(), unseen(withSecret)]),
      "unclear",
    ],
    "is not seen and has a file of variables, before a Prefect that asks": [
      () => arriving([asking(), unseen({ environmentFiles: true })]),
      "unclear",
    ],
    "is unclear in bridge mode": [
      () => arriving([prefect(), nginx(gated)], { ...bridge, ...to("nginx") }),
      "unclear",
      "is nginx outside awsvpc mode",
    ],
    "is unclear in bridge mode, at a public address": [() => arriving([prefect(), nginx(gated)], bridge), "unclear"],
    "is unclear in bridge mode, on a port that is not known": [
      () => arriving([asking(), nginx(gated)], { ...bridge, ...anyPort, ...to(undefined) }),
      "unclear",
    ],
    "is unclear in bridge mode, behind a balancer that names no container": [
      () => arriving([prefect(), nginx(gated)], { ...bridge, ...to(undefined) }),
      "unclear",
    ],
    "is meant in bridge mode by a balancer that names it, whatever port": [
      () => arriving([prefect(), nginx(gated)], { ...bridge, port: 9000, ...to("nginx") }),
      "unclear",
    ],
    "is not meant in bridge mode by another port": [
      () => arriving([prefect(), nginx(gated)], { ...bridge, port: 9000 }),
      "closed",
    ],
    "is not meant in bridge mode by a balancer to another container": [
      () => arriving([prefect(), nginx(gated)], { ...bridge, ...to("web") }),
      "closed",
    ],
  });
});

describe("oauth2-proxy before Prefect", () => {
  const at4180 = { port: 4180 };
  const address = { HTTP_ADDRESS: "0.0.0.0:4180" };
  const fileOnly = { environmentFiles: true };
  const secretAddress = secret("HTTP_ADDRESS");
  const skipped = { SKIP_AUTH_REGEX: "^/" };
  const metrics = { METRICS_ADDRESS: "0.0.0.0:9000" };
  const https = { TLS_CERT_FILE: "/c", HTTPS_ADDRESS: "0.0.0.0:8443" };
  table({
    "lets nobody in": [() => arriving([prefect(), proxy(address)], at4180), "closed"],
    "lets people in by a setting": [() => arriving([prefect(), proxy(skipping)], at4180), "open", "skip-auth-regex"],
    "lets people in on a port that is not known": [() => arriving([prefect(), proxy(skipping)], anyPort), "open"],
    "lets people in by HTTPS": [() => arriving([prefect(), proxy({ ...skipped, ...https })], { port: 8443 }), "open"],
    "lets nobody in by HTTPS": [() => arriving([prefect(), proxy(https)], { port: 8443 }), "closed"],
    "does not listen by HTTP beside HTTPS": [
      () => arriving([prefect(), proxy({ ...skipping, ...https })], at4180),
      "closed",
    ],
    "lets people in that come by the loopback": [
      () => arriving([prefect(), proxy(skipped)], { port: 4180, onLoopback: true }),
      "open",
    ],
    "lets nobody in on its loopback": [() => arriving([prefect(), proxy(skipped)], at4180), "closed"],
    "is meant by a load balancer, whatever address it has": [
      () => arriving([prefect(), proxy(skipped)], { ...at4180, ...to("oauth2-proxy") }),
      "open",
    ],
    "lets nobody get further than its own texts": [
      () => arriving([prefect(), proxy({ ...skipping, UPSTREAMS: "static://202,file:///x" })], at4180),
      "closed",
    ],
    "may let people get further than its own texts by what is not seen": [
      () => arriving([prefect(), proxy({ ...address, UPSTREAMS: "static://202" }, { words: undefined })], at4180),
      "unclear",
    ],
    "may let people in by what is not seen": [
      () => arriving([prefect(), proxy(address, fileOnly)], at4180),
      "unclear",
      "may let requests without a login through: its environment files",
    ],
    "lets nobody in on a port where it does not listen": [
      () => arriving([prefect(), proxy(skipping)], { port: 9000 }),
      "closed",
    ],
    "answers with metrics alone": [
      () => arriving([prefect(), proxy({ ...skipping, ...metrics })], { port: 9000, ...to("oauth2-proxy") }),
      "closed",
    ],
    "may have another program on a port that it is sent": [
      () => arriving([prefect(), proxy(skipping)], { port: 9000, ...to("oauth2-proxy") }),
      "unclear",
      "on port 9000, on which nothing that is seen of it listens",
    ],
    "may have another program on a port that is not known, of those that it declares": [
      () => arriving([prefect(), proxy(address, { ports: [4180, 9000] })], { ...anyPort, ...to("oauth2-proxy") }),
      "unclear",
      "on port (not known)",
    ],
    "has another that the balancer does not reach": [
      () => arriving([prefect(), proxy(address, { ports: [4180, 9000] })], { ...at4180, ...to("oauth2-proxy") }),
      "closed",
    ],
    "has none besides those that it declares": [
      () =>
        arriving([prefect(), proxy({ ...address, ...metrics }, { ports: [4180, 9000] })], {
          ...anyPort,
          ...to("oauth2-proxy"),
        }),
      "closed",
    ],
    "lets nobody in where a secret says where it listens": [
      () => arriving([prefect(), proxy({}, { ...secretAddress, ports: [4180] })], { ...at4180, ...to("oauth2-proxy") }),
      "closed",
    ],
    "lets people in on the port that it declares where a secret says where it listens": [
      () => arriving([prefect(), proxy(skipped, { ...secretAddress, ports: [4180] })], at4180),
      "open",
    ],
    "lets people in on any port where a secret says where it listens": [
      () => arriving([prefect(), proxy(skipped, secretAddress)], { port: 9000 }),
      "open",
    ],
    "may have another program on a port beside those that it declares where a secret says where it listens": [
      () =>
        arriving([prefect(), proxy({}, { ...secretAddress, ports: [4180] })], { port: 9000, ...to("oauth2-proxy") }),
      "unclear",
      "on port 9000",
    ],
    "lets nobody in before a Prefect that asks": [() => arriving([asking(), proxy(skipping)], at4180), "closed"],
    "may add a credential before a Prefect that asks": [
      () => arriving([asking(), proxy(skipping, fileOnly)], at4180),
      "unclear",
      "skip-auth-regex",
    ],
  });
});
