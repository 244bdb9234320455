/**
 * The programs of the local stack, in one place. Lock files name the same versions (test/engine/toolchain.test.ts compares
 * them) and are made again after a change here by:
 *
 *   pulumi        go -C local/toolchain/pulumi get -tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@vVERSION
 *   oauth2-proxy  go -C local/toolchain/oauth2-proxy get -tool github.com/oauth2-proxy/oauth2-proxy/v7@vVERSION
 *   prefect and nginx, in their folders, after editing requirements.in:
 *                 uv pip compile --generate-hashes --universal --python-version 3.10 --no-emit-index-url \
 *                   requirements.in -o requirements.txt
 *   botocore      the same with --no-deps: only its data is used
 *   postgres and node are npm packages: package.json, package-lock.json
 */
export const versions = {
  /** The engine; also the lowest version of an installed official CLI that is used instead. */
  pulumi: "3.259.0",
  oauth2Proxy: "7.15.3",
  prefect: "3.8.8",
  nginx: "1.31.3",
  /** Brings the models of AWS's services, for the tests alone. */
  botocore: "1.44.5",
  postgres: "17.10.0-beta.17",
  node: "24.21.0",
} as const;
