import { createRequire } from "node:module";
import "./edit";

module.exports = createRequire(__filename)("../../../../index");
