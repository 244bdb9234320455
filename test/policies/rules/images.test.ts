import assert from "node:assert/strict";
import { imageOf, isBelow, isFixed, versionOf } from "../../../policies/support/images";
import { floorsAbove, holes, prefectVersionOf } from "../../../policies/support/prefect-versions";

const digest = `sha256:${"0a".repeat(32)}`;

describe("an image reference", () => {
  for (const [reference, repository, tag, of] of [
    ["nginx", "nginx", undefined, undefined],
    ["nginx:1.30.4-alpine", "nginx", "1.30.4-alpine", undefined],
    [" public.ecr.aws/docker/library/nginx:_x.y ", "public.ecr.aws/docker/library/nginx", "_x.y", undefined],
    [`nginx@${digest}`, "nginx", undefined, digest],
    [`registry.example.com:5000/a/b:1.2@${digest}`, "registry.example.com:5000/a/b", "1.2", digest],
    ["registry.example.com:5000/a/b", "registry.example.com:5000/a/b", undefined, undefined],
    [`nginx:${"x".repeat(128)}`, "nginx", "x".repeat(128), undefined],
    [`nginx:${"x".repeat(129)}`, `nginx:${"x".repeat(129)}`, undefined, undefined],
    ["nginx:.x", "nginx:.x", undefined, undefined],
    ["", "", undefined, undefined],
  ] as const)
    it(`${JSON.stringify(reference)} is taken apart`, () => {
      assert.deepEqual(imageOf(reference), { repository, tag, digest: of });
    });
});

describe("a version in a tag", () => {
  for (const [tag, version] of [
    ["3.8.8", [3, 8, 8]],
    ["v7.15.3-alpine", [7, 15, 3]],
    ["3.8-python3.12", [3, 8]],
    ["3", [3]],
    ["3-latest", [3]],
    ["3.7.2.dev3", [3, 7, 2]],
    ["10.20.30", [10, 20, 30]],
    ["latest", undefined],
    ["x3.8", undefined],
    ["vv3", undefined],
    ["1234567", undefined],
    ["3.8.1234567", [3, 8]],
    [undefined, undefined],
  ] as const)
    it(`${tag} is ${version?.join(".") ?? "not known"}`, () => {
      assert.deepEqual(versionOf(tag), version);
    });

  for (const [version, floor, isIt] of [
    [[3, 7, 3], [3, 7, 3], false],
    [[3, 7, 2], [3, 7, 3], true],
    [[3, 7, 4], [3, 7, 3], false],
    [[3, 6, 9], [3, 7, 3], true],
    [[3, 8, 0], [3, 7, 3], false],
    [[2, 9, 9], [3, 7, 3], true],
    [[4, 0, 0], [3, 7, 3], false],
    [[3, 7], [3, 7, 3], false],
    [[3], [3, 7, 3], false],
    [[2], [3, 7, 3], true],
    [[3, 6], [3, 7, 3], true],
    [[], [3, 7, 3], false],
    [[3, 7, 3], [], false],
  ] as const)
    it(`${version.join(".")} is ${isIt ? "" : "not "}below ${floor.join(".")}`, () => {
      assert.equal(isBelow(version, floor), isIt);
    });
});

describe("a tag", () => {
  const fixed = [
    ...["3.8.8", "v7.15.3-alpine", "3.8.8-python3.12", "1.30.4", "9f86d08", "20270131", "1.2.3-rc1", "2027.1.31"],
    ...["3.8.8-mainly", "v1.2.3-latestfix", "release-20270131", "100.2000", "1.2345", "100.2", "x1.30", "1.30-9"],
  ];
  const moving = [
    ...["latest", "3-latest", "3-python3.12", "3", "v3", "3.8", "v3.8", "1.30-alpine", "1.30-alpine3.20", "1.30-a-b"],
    ...["mainline", "edge-2", "main-1.2.3", "1.2.3-MASTER", "nightly-20270131", "1.2.3-stable-x", "dev-1", "rolling-1"],
    ...["alpine", "bookworm", "16", "16.2-Bookworm", "99.999"],
  ];
  for (const [tags, isIt] of [
    [fixed, true],
    [moving, false],
  ] as const)
    for (const tag of tags)
      it(`${tag} names ${isIt ? "one release" : "what may change"}`, () => {
        assert.equal(isFixed(imageOf(`acme/x:${tag}`)), isIt);
      });

  it("does not matter beside a digest, and none is the latest", () => {
    assert.ok(isFixed(imageOf(`acme/x:latest@${digest}`)));
    assert.ok(!isFixed(imageOf("acme/x")));
  });
});

describe("a version of Prefect", () => {
  for (const [image, version] of [
    ["prefecthq/prefect:3.8.8-python3.12", [3, 8, 8]],
    ["docker.io/PrefectHQ/prefect-client:3.8.8", [3, 8, 8]],
    ["prefecthq/prefect", undefined],
    ["prefecthq/prefect-operator:0.1.0", undefined],
    ["acmeprefecthq/prefect:0.1.0", undefined],
    [undefined, undefined],
  ] as const)
    it(`is ${version?.join(".") ?? "not known"} of ${image}`, () => {
      assert.deepEqual(prefectVersionOf(image), version);
    });

  it("is below every floor that is above it", () => {
    const above = (...version: number[]): string[] =>
      floorsAbove(version, holes).map((floor) => floor.version.join("."));
    assert.deepEqual(above(3, 6, 13), ["3.6.14", "3.6.22", "3.7.3"]);
    assert.deepEqual(above(3, 6, 14), ["3.6.22", "3.7.3"]);
    assert.deepEqual(above(3, 6, 22), ["3.7.3"]);
    assert.deepEqual(above(3, 7, 3), []);
  });
});
