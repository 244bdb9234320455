import "./edit";

export * from "../../../../index";
