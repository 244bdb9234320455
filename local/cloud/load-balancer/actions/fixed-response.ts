import { answer } from "../answer";
import type { ActionKind } from "./action";

const contentTypes = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
export const fixedResponse: ActionKind = {
  problems({ fixedResponse: response }) {
    if (!response) return ['an action of type "fixed-response" needs fixedResponse'];
    const problems: string[] = [];
    if (!/^[245]\d\d$/.test(response.statusCode ?? "")) {
      problems.push(`fixedResponse.statusCode must be 2XX, 4XX or 5XX; got "${response.statusCode}"`);
    }
    if ((response.messageBody ?? "").length > 1024) {
      problems.push(`fixedResponse.messageBody may have 1024 characters; got ${response.messageBody?.length}`);
    }
    if (!contentTypes.includes(response.contentType)) {
      problems.push(
        `fixedResponse.contentType must be one of ${contentTypes.join(", ")}; got "${response.contentType}"`,
      );
    }
    return problems;
  },

  run({ exchange, cookies, server }, { fixedResponse: response }) {
    answer(exchange, {
      status: Number(response?.statusCode),
      headers: { "Content-Type": response?.contentType || "text/plain" },
      body: response?.messageBody ?? "",
      cookies,
      server,
    });
    return "answered";
  },
};
