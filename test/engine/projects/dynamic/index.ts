import { dynamic, type Input, type Output } from "@pulumi/pulumi";

class Note extends dynamic.Resource {
  declare readonly text: Output<string>;

  constructor(name: string, text: Input<string>) {
    const create = async (inputs: { text: string }) => ({ id: "note", outs: { text: inputs.text.toUpperCase() } });
    super({ create }, name, { text });
  }
}

export const text = new Note("note", "written").text;
