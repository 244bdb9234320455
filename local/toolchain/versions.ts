/**
 * The programs of the local stack, in one place. What else names a version (go.mod, requirements.in, package.json) must
 * say the same: test/engine/toolchain.test.ts compares them. After a change here, run what `relock` says.
 */
export const versions = {
  /** The engine; also the lowest version of an installed official CLI that is used instead. */
  pulumi: "3.259.0",
  oauth2Proxy: "7.15.3",
  prefect: "3.8.8",
  nginx: "1.31.3",
  /** npm packages: exact in package.json, integrity in package-lock.json. */
  postgres: "17.10.0-beta.17",
  node: "24.21.0",
} as const;

/** How each lock file is made again; nothing runs these by itself. */
export const relock = {
  pulumi: `go -C local/toolchain/pulumi get -tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@v${versions.pulumi}`,
  oauth2Proxy: `go -C local/toolchain/oauth2-proxy get -tool github.com/oauth2-proxy/oauth2-proxy/v7@v${versions.oauth2Proxy}`,
  python:
    "uv pip compile --generate-hashes --universal --python-version 3.10 --no-emit-index-url requirements.in -o requirements.txt",
} as const;
