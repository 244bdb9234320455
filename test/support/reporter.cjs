// mocha's spec reporter, and the counts into the file that TEST_COUNTS names, for test/run.ts to add up.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  done(failures, exit) {
    const { passes, failures: failed, pending } = this.stats;
    if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ passes, failed, pending }));
    exit(failures);
  }
};
