import assert from "node:assert/strict";
import { whyOpen } from "../../policies/graph/kubernetes/ingress-login";
import { declaredIngresses } from "../../policies/graph/kubernetes/objects";
import { alb, cognito, graphOf, ingress, nginx, valueOf } from "./support/kubernetes";
import { declare, type Declared, unknown } from "./support/stack";

/** What Ingresses ask strangers for: what their annotations say. */

describe("an Ingress", () => {
  type Said = "open" | "may be open" | "asks";
  function said(stack: readonly Declared[], ofService: unknown = {}): Said {
    const graph = graphOf(...stack);
    const [declared] = declaredIngresses(graph);
    assert.ok(declared);
    const open = whyOpen(graph, declared, valueOf(ofService));
    if (open === undefined) return "asks";
    assert.ok(!open.certain || open.note.includes("faces the internet"));
    return open.certain ? "open" : "may be open";
  }
  const params = (scheme: unknown): Declared =>
    declare("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", "params", { spec: { scheme } });
  const office = "203.0.113.0/24";
  const both = '[{"HTTP": 80}, {"HTTPS": 443}]';
  const tls = { tls: [{ hosts: ["prefect.example.com"] }] };
  const backendConfig = { "cloud.google.com/backend-config": "{}" };

  /** An Ingress of one group that says nothing of its scheme, and another Ingress. */
  const grouped = (group: unknown, otherGroup: unknown, otherScheme: unknown): Declared[] => [
    ...ingress(alb({ scheme: undefined, "group.name": group })),
    declare("kubernetes:networking.k8s.io/v1:Ingress", "other", {
      metadata: { annotations: alb({ "group.name": otherGroup, scheme: otherScheme }) },
      spec: {},
    }),
  ];

  const ofAlb: Record<string, [Said, Declared[], Record<string, unknown>?]> = {
    "in a class called alb, of which nothing else is said": ["asks", ingress({}, { ingressClassName: "alb" })],
    "in a class called alb that faces the internet": [
      "open",
      [...ingress({}, { ingressClassName: "alb" }), params("internet-facing")],
    ],
    "in a class that is internal": ["asks", [...ingress(alb({ scheme: undefined })), params("internal")]],
    "in a class that is not known": ["may be open", [...ingress(alb({ scheme: undefined })), params(unknown)]],
    "in a class that is not known, which faces the internet itself": ["open", [...ingress(alb()), params(unknown)]],
    "whose scheme is not known": ["may be open", ingress(alb({}, unknown))],
    "in a class of any name, with annotations of the controller's": [
      "asks",
      ingress(alb({ scheme: undefined }), { ingressClassName: "inside" }),
    ],
    "in a class of nginx's, whatever it says to the controller": [
      "may be open",
      ingress(alb({ scheme: undefined }), { ingressClassName: "nginx-internal" }),
    ],
    "in a class of Google's, whatever it says to the controller": [
      "open",
      ingress(alb({ scheme: undefined }), { ingressClassName: "gce" }),
    ],
    "of a group that another one lets face the internet": ["open", grouped("web", "web", "internet-facing")],
    "of a group that may be one that faces the internet": ["open", grouped("web", unknown, "internet-facing")],
    "of a group that is not known, beside one that faces the internet": [
      "open",
      grouped(unknown, "web", "internet-facing"),
    ],
    "of a group that another one lets face inward": ["asks", grouped("web", "web", "internal")],
    "of a group of which nobody says where it faces": ["may be open", grouped("web", "web", undefined)],
    "of a group of which only another stack says where it faces": ["may be open", grouped("web", "other", "internal")],
    "of a group in a class that is internal": ["asks", [...grouped("web", "other", undefined), params("internal")]],
    "of no group, beside another of none that faces the internet": [
      "asks",
      grouped(undefined, undefined, "internet-facing"),
    ],
    "of no group, beside one of a group that is not known": ["asks", grouped(undefined, unknown, "internet-facing")],
    "of a group that is not known, beside one of none that faces the internet": [
      "may be open",
      grouped(unknown, undefined, "internet-facing"),
    ],
    "of no group, beside one that faces the internet": ["asks", grouped(undefined, "web", "internet-facing")],
    "of a group, beside one of no group that faces the internet": [
      "may be open",
      grouped("web", undefined, "internet-facing"),
    ],
    "for an office": ["asks", ingress(alb({ "inbound-cidrs": office }))],
    "for an office, with security groups that admit others": [
      "may be open",
      ingress(alb({ "inbound-cidrs": office, "security-groups": "sg-1" })),
    ],
    "with a login of Cognito": ["asks", ingress(alb(cognito))],
    "with a login of OIDC": ["asks", ingress(alb({ "auth-type": "oidc" }))],
    "with a login that is not known": ["may be open", ingress(alb({ "auth-type": unknown }))],
    "with no login": ["open", ingress(alb({ "auth-type": "none" }))],
    "with a scheme and no login that are not known": ["may be open", ingress(alb({ "auth-type": "none" }, unknown))],
    "whose Service logs people in": ["asks", ingress(alb()), alb(cognito)],
    "that asks who has no session": [
      "asks",
      ingress(alb({ ...cognito, "auth-on-unauthenticated-request": "authenticate" })),
    ],
    "that denies who has no session": ["asks", ingress(alb({ ...cognito, "auth-on-unauthenticated-request": "deny" }))],
    "that allows who has no session": [
      "open",
      ingress(alb({ ...cognito, "auth-on-unauthenticated-request": "allow" })),
    ],
    "that may allow who has no session": [
      "may be open",
      ingress(alb({ ...cognito, "auth-on-unauthenticated-request": unknown })),
    ],
    "that allows who has no session, with a scheme that is not known": [
      "may be open",
      ingress(alb({ ...cognito, "auth-on-unauthenticated-request": "allow" }, unknown)),
    ],
    "with a login and without a certificate": ["open", ingress(alb({ ...cognito, "certificate-arn": undefined }))],
    "with a login and a certificate that is to be found by its hosts": [
      "open",
      ingress(alb({ ...cognito, "certificate-arn": undefined }), tls),
    ],
    "with a login, without a certificate, redirected": [
      "asks",
      ingress(alb({ ...cognito, "certificate-arn": undefined, "ssl-redirect": "443" })),
    ],
    "with a login on both ports": ["open", ingress(alb({ ...cognito, "listen-ports": both }))],
    "with a login on HTTPS": ["asks", ingress(alb({ ...cognito, "listen-ports": '[{"HTTPS": 443}]' }))],
    "with a login on ports that are not known": ["may be open", ingress(alb({ ...cognito, "listen-ports": unknown }))],
    "with a login on both ports and a scheme that is not known": [
      "may be open",
      ingress(alb({ ...cognito, "listen-ports": both }, unknown)),
    ],
  };
  const snippets = ["configuration-snippet", "server-snippet", "auth-snippet", "location-snippet"];
  const basic = { "auth-type": "basic", "auth-secret": "passwords" };
  const certificates = { "auth-tls-secret": "flows/ca" };
  const asked = { "auth-url": "https://login.example.com/oauth2/auth" };
  const ofNginx: Record<string, [Said, Record<string, unknown>]> = {
    "for an office": ["asks", { "allowlist-source-range": office }],
    "for an office, in the older word": ["asks", { "whitelist-source-range": office }],
    "for an office or who may": ["may be open", { "whitelist-source-range": office, satisfy: "any" }],
    "for an office and perhaps others": ["may be open", { "whitelist-source-range": office, satisfy: unknown }],
    "for an office, all of which must log in": ["asks", { "whitelist-source-range": office, satisfy: "all", ...basic }],
    "with passwords or an address": ["may be open", { ...basic, satisfy: "any" }],
    "with passwords": ["asks", basic],
    "with digests": ["asks", { ...basic, "auth-type": "digest" }],
    "with something else": ["may be open", { ...basic, "auth-type": "other" }],
    "without a file of passwords": ["may be open", { "auth-type": "basic" }],
    "with certificates": ["asks", certificates],
    "with certificates, as they are by default": ["asks", { ...certificates, "auth-tls-verify-client": "on" }],
    "with certificates of whoever has one": ["may be open", { ...certificates, "auth-tls-verify-client": "optional" }],
    "with certificates, and it is not known of whom": [
      "may be open",
      { ...certificates, "auth-tls-verify-client": unknown },
    ],
    "with an oauth2-proxy": ["asks", asked],
    "with an oauth2-proxy and a query": [
      "asks",
      { "auth-url": "https://login.example.com/oauth2/auth?allowed_groups=a" },
    ],
    "with an oauth2-proxy's other address": [
      "may be open",
      { "auth-url": "https://login.example.com/oauth2/auth/open" },
    ],
    "with what is called like it": ["may be open", { "auth-url": "https://login.example.com/oauth2/authentic" }],
    "with a snippet that does nothing": ["asks", { ...basic, "configuration-snippet": "more_set_headers 'A: b';" }],
    ...Object.fromEntries(
      snippets.flatMap((name): [string, [Said, Record<string, unknown>]][] => [
        [`with a ${name} that undoes it`, ["may be open", { ...basic, [name]: "auth_basic  off;" }]],
        [`with a ${name} that is not known`, ["may be open", { ...basic, [name]: unknown }]],
      ]),
    ),
    "with a snippet that asks nobody": ["may be open", { ...asked, "configuration-snippet": "auth_request  off;" }],
    "with a snippet by which either is enough": ["may be open", { ...asked, "server-snippet": "satisfy  any;" }],
    "with a snippet that answers": ["may be open", { ...asked, "server-snippet": "return  204;" }],
    "with a snippet that has a way of its own": [
      "may be open",
      { ...asked, "server-snippet": "location /open { proxy_pass http://prefect; }" },
    ],
  };
  const others: Record<string, [Said, Declared[], Record<string, unknown>?]> = {
    "of Google's": ["open", ingress({ "kubernetes.io/ingress.class": "gce" })],
    "of Google's with settings of its backend": [
      "may be open",
      ingress({ "kubernetes.io/ingress.class": "gce" }),
      backendConfig,
    ],
    "of Google's, internal": ["asks", ingress({ "kubernetes.io/ingress.class": "gce-internal" })],
    "of Google's by its class": ["open", ingress({}, { ingressClassName: "gce" })],
    "whose class comes before an annotation": [
      "may be open",
      ingress({ "kubernetes.io/ingress.class": "gce-internal" }, { ingressClassName: "web" }),
    ],
    "of Azure's": ["may be open", ingress({ "appgw.ingress.kubernetes.io/use-private-ip": "false" })],
    "of Azure's, internal": ["asks", ingress({ "appgw.ingress.kubernetes.io/use-private-ip": "true" })],
    "in a class of one's own with nginx's annotations and others": [
      "asks",
      ingress({ "example.com/a": "b", ...nginx(basic), "kubernetes.io/ingress.class": "web" }),
    ],
    "whose class is not known": ["may be open", ingress({}, { ingressClassName: unknown })],
  };
  it("says of a scheme that is not known that it may face the internet", () => {
    const graph = graphOf(...ingress(alb({}, unknown)));
    const [declared] = declaredIngresses(graph);
    assert.ok(declared);
    assert.match(whyOpen(graph, declared, valueOf({}))?.note ?? "", /may face the internet/);
  });
  for (const [name, [expected, stack, ofService]] of Object.entries({ ...ofAlb, ...others }))
    it(`${name}: ${expected}`, () => assert.equal(said(stack, ofService), expected));
  for (const [name, [expected, annotations]] of Object.entries(ofNginx))
    it(`of nginx ${name}: ${expected}`, () => assert.equal(said(ingress(nginx(annotations))), expected));
});
