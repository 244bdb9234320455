import assert from "node:assert/strict";
import { findImage } from "../../../local/cloud/images";

const programs = { oauth2Proxy: "/opt/oauth2-proxy", nginx: "/opt/nginx", nginxRoot: "/opt/nginx-root" };

describe("The image catalogue", () => {
  const sameImage = [
    "nginxinc/nginx-unprivileged:1.30.4-alpine",
    "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine",
    "public.ecr.aws/nginx/nginx-unprivileged:1.30.4-alpine",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/nginxinc/nginx-unprivileged:1.30.4-alpine",
    `nginxinc/nginx-unprivileged:1.30.4-alpine@sha256:${"0".repeat(64)}`,
  ];
  for (const reference of sameImage) {
    it(`finds ${reference}`, () => assert.equal(findImage(reference, programs).user, "101"));
  }

  for (const reference of ["alpine", "docker.io/library/alpine:3.22", "public.ecr.aws/docker/library/alpine:3.22"]) {
    it(`finds ${reference}`, () => assert.deepEqual(findImage(reference, programs).command, ["sh"]));
  }

  it("gives a distroless image no shell", () => {
    const commands = (tag: string) => findImage(`quay.io/oauth2-proxy/oauth2-proxy:${tag}`, programs).files.commands;
    assert.deepEqual(commands("v7.15.3"), []);
    assert.ok(commands("v7.15.3-alpine").includes("sh"));
  });

  it("does not take a look-alike for the image", () => {
    assert.throws(() => findImage("evil/alpine", programs), /CannotPullContainerError/);
    assert.throws(() => findImage("evilnginxinc/nginx-unprivileged:1", programs), /CannotPullContainerError/);
  });

  it("says what to do when the program of an image is not installed", () => {
    assert.throws(
      () => findImage("prefecthq/prefect:3", programs),
      /prefecthq\/prefect:3 stands for the toolchain's Prefect.*npm start/,
    );
  });
});
