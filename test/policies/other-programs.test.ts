import assert from "node:assert/strict";
import { runsOthers } from "../../policies/graph/other-programs";
import { container } from "./support/containers";

describe("another program in a start script", () => {
  const others = (script: string, program = "nginx"): boolean =>
    runsOthers(container({ words: ["sh", "-ec", script] }), program);

  it("is what is not known to listen nowhere", () => {
    for (const script of [
      "socat a b & nginx",
      "nginx; /usr/bin/python3 -m http.server",
      "nginx & oauth2-proxy",
      "x-nginx",
    ])
      assert.ok(others(script), script);
    assert.ok(others("nginx; oauth2-proxy", "oauth2-proxy"));
    assert.ok(others("nginx <<< x"));
  });

  it("is none of these", () => {
    const all =
      "printf echo cat tee base64 envsubst sed awk grep cut tr head mkdir chmod chown cp mv rm ln touch test sleep set export unset cd umask trap exit true :";
    for (const name of all.split(" ")) assert.ok(!others(`${name} x; exec /usr/sbin/nginx`), name);
    assert.ok(!others("[ -n x ] && /bin/cat x | nginx"));
    assert.ok(!others("A=b oauth2-proxy", "oauth2-proxy"));
    assert.ok(!others("> /tmp/x; nginx"));
    assert.ok(!runsOthers(container({ words: ["socat"] }), "nginx"));
  });
});
