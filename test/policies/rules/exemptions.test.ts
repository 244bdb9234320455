import assert from "node:assert/strict";
import { type Exemption, exemptionsSchema, ruling } from "../../../policies/support/exemptions";
import { fits } from "../support/schema";

const urn = "urn:pulumi:prod::flows::prefect:network:LoadBalancer$aws:lb/listener:Listener::https";
const exemption: Exemption = {
  project: "flows",
  stack: "prod",
  resource: "https",
  owner: "data team",
  reason: "old clients",
  expires: "2027-01-31",
};
const at = (time: string): number => Date.parse(time);

describe("exemptions", () => {
  it("count to the end of their last day, in UTC", () => {
    assert.deepEqual(ruling([exemption], urn, at("2027-01-31T23:59:59.999Z")), {
      refused: false,
      note: "Exempted until 2027-01-31 by data team: old clients",
    });
    assert.equal(ruling([exemption], urn, at("2027-02-01T00:00:00Z")).refused, true);
  });

  it("say that they have expired", () => {
    assert.match(
      ruling([exemption], urn, at("2027-02-01T00:00:00Z")).note ?? "",
      /data team's exemption .* expired on 2027-01-31/,
    );
  });

  it("say nothing where none is about the resource", () => {
    for (const other of [{ project: "flow" }, { stack: "pro" }, { resource: "http" }, { resource: "*" }])
      assert.deepEqual(ruling([{ ...exemption, ...other }], urn), { refused: true, note: undefined });
    assert.deepEqual(ruling([], urn), { refused: true, note: undefined });
  });

  it("do not count with a day that does not exist", () => {
    for (const expires of ["2027-02-31", "2027-13-01", "31.01.2027", ""]) {
      const { refused, note } = ruling([{ ...exemption, expires }], urn, at("2026-01-01T00:00:00Z"));
      assert.ok(refused, expires);
      assert.match(note ?? "", /is no date/);
    }
  });

  it("are taken with all their fields and no other", () => {
    assert.ok(!ruling([exemption], urn, at("2027-01-31")).refused);
    assert.ok(fits(exemptionsSchema, [exemption]));
    for (const name of Object.keys(exemption))
      for (const value of ["", 1, undefined])
        assert.ok(!fits(exemptionsSchema, [{ ...exemption, [name]: value }]), `${name} ${value}`);
  });

  it("count as the longest of several", () => {
    const several = ["2026-01-01", "2027-06-30", "2027-02-31"].map((expires) => ({ ...exemption, expires }));
    assert.equal(ruling(several, urn, at("2027-06-30T12:00:00Z")).refused, false);
  });

  it("know names with colons in them", () => {
    assert.equal(
      ruling([{ ...exemption, resource: "a::b" }], "urn:pulumi:prod::flows::t::a::b", at("2026-01-01")).refused,
      false,
    );
  });
});
