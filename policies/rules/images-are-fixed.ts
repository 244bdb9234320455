import type { Rule } from "../support/rule";
import { imageOf, isFixed } from "../support/images";

interface Config {
  readonly requireDigest: boolean;
}

/** A tag that moves starts another program with the next task, untested and without a deployment. */
export const imagesAreFixed: Rule<Config> = {
  name: "images-are-fixed",
  description: "Every image in a task with Prefect names one release.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Name the full version, as prefecthq/prefect:3.8.8-python3.12, or a digest.",
  settings: {
    requireDigest: {
      type: "boolean",
      default: false,
      description: "Whether a tag is not enough: images by digest only.",
    },
  },
  find: ({ tasks }, { requireDigest }) =>
    tasks
      .filter(({ isPrefect }) => isPrefect)
      .flatMap(({ resource, containers }) => {
        const moving = containers.filter(({ image }) => {
          if (image === undefined) return false;
          return requireDigest ? imageOf(image).digest === undefined : !isFixed(imageOf(image));
        });
        const shown = moving.map(({ name, image }) => `${JSON.stringify(name)} (${image})`).join(", ");
        const wanted = requireDigest ? "a digest (@sha256:...)" : "a full version or a digest";
        return moving.length > 0
          ? [{ message: `Images that may change under it: ${shown}. Name ${wanted}.`, resource }]
          : [];
      }),
};
