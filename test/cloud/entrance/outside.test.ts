import assert from "node:assert/strict";
import { insideName, insideOrigin, outsideLocation, outsideUrl } from "../../../local/cloud/edge/outside";

const login = "prefect-a1.auth.eu-west-1.amazoncognito.com";
const served = ["prefect.localhost", login];

describe("the edge's translation", () => {
  it("gives the URL that a person opens", () => {
    assert.equal(outsideUrl("https://prefect.localhost/a?b#c", 8443), "https://prefect.localhost:8443/a?b#c");
    assert.equal(outsideUrl(`https://${login}/login`, 9000), `https://${login}.localhost:9000/login`);
  });

  it("finds the served name behind the one outside", () => {
    for (const [outside, expected] of [
      ["prefect.localhost", "prefect.localhost"],
      ["PREFECT.localhost", "prefect.localhost"],
      [`${login}.localhost`, login],
      [login, undefined],
      ["prefect.localhost.localhost", undefined],
      ["evil.localhost", undefined],
      ["localhost", undefined],
      ["", undefined],
    ] as const) {
      assert.equal(insideName(outside, served), expected, outside);
    }
  });

  it("turns Location outwards for served hosts on their usual port, and leaves the rest", () => {
    for (const [location, expected] of [
      [
        `https://${login}/login?a=https://prefect.localhost/x`,
        `https://${login}.localhost:8443/login?a=https://prefect.localhost/x`,
      ],
      ["https://prefect.localhost:443/", "https://prefect.localhost:8443/"],
      ["https://prefect.localhost", "https://prefect.localhost:8443"],
      ["https://prefect.localhost?x", "https://prefect.localhost:8443?x"],
      ["http://prefect.localhost/x", "https://prefect.localhost:8443/x"],
      ["http://prefect.localhost:80/x", "https://prefect.localhost:8443/x"],
      ["//prefect.localhost/x", "//prefect.localhost:8443/x"],
      ["http://prefect.localhost:443/x", "http://prefect.localhost:443/x"],
      ["https://prefect.localhost:4200/x", "https://prefect.localhost:4200/x"],
      ["https://prefect.localhost.evil.example/", "https://prefect.localhost.evil.example/"],
      ["https://prefect.localhost@evil.example/", "https://prefect.localhost@evil.example/"],
      ["https://evil.example/prefect.localhost", "https://evil.example/prefect.localhost"],
      ["/relative", "/relative"],
      ["ftp://prefect.localhost/", "ftp://prefect.localhost/"],
    ] as const) {
      assert.equal(outsideLocation(location, served, 8443), expected, location);
    }
  });

  it("turns Origin and Referer inwards only where they are the edge's own", () => {
    for (const [value, expected] of [
      ["https://prefect.localhost:8443", "https://prefect.localhost"],
      [`https://${login}.localhost:8443/login?x`, `https://${login}/login?x`],
      ["https://prefect.localhost", "https://prefect.localhost"],
      ["http://prefect.localhost:8443", "http://prefect.localhost:8443"],
      ["https://prefect.localhost:9999", "https://prefect.localhost:9999"],
      ["https://evil.example:8443", "https://evil.example:8443"],
      ["https://prefect.localhost.evil.example:8443", "https://prefect.localhost.evil.example:8443"],
      ["null", "null"],
    ] as const) {
      assert.equal(insideOrigin(value, served, 8443), expected, value);
    }
  });
});
