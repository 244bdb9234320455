import { loginActions } from "../support/login-actions";
import { type Proxy, proxiesOf } from "../support/oauth2-proxies";
import type { PrefectStack } from "../support/prefect-stack";
import type { Finding, Rule } from "../support/rule";

interface Config {
  readonly maximumHours: number;
  readonly maximumRefreshMinutes: number;
}

/** AWS's default of seven days, and oauth2-proxy's. */
const weekHours = 168;

export const loginSessionsEnd: Rule<Config> = {
  name: "login-sessions-end",
  description: "A login to Prefect ends within a day, and the issuer is asked again in between.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps:
    "Set sessionTimeout of the authenticate action, or cookie-expire and cookie-refresh of oauth2-proxy.",
  settings: {
    maximumHours: { type: "number", exclusiveMinimum: 0, default: 24, description: "The longest session, in hours." },
    maximumRefreshMinutes: {
      type: "number",
      exclusiveMinimum: 0,
      default: 60,
      description:
        "The longest time in minutes until oauth2-proxy asks the issuer whether the person may still come in.",
    },
  },
  find: (stack, config) => [
    ...balancerSessions(stack, config),
    ...proxiesOf(stack).flatMap((proxy) => proxySessions(proxy, config)),
  ],
};

function balancerSessions({ fronts }: PrefectStack, { maximumHours }: Config): Finding[] {
  return fronts.flatMap((front) =>
    loginActions(front).flatMap(({ type, settings }) => {
      const timeout = settings.get("sessionTimeout");
      const hours = timeout.isOmitted ? weekHours : (timeout.integer() ?? 0) / 3600;
      if (type === "jwt-validation" || settings.isUnknown || hours <= maximumHours) return [];
      const said = timeout.isOmitted ? "is not set, which is seven days" : `is ${hours} hours`;
      const message = `sessionTimeout of ${type} ${said}. Write ${maximumHours * 3600} seconds or less.`;
      return [{ message, resource: front.holder }];
    }),
  );
}

function proxySessions({ container, resource, settings }: Proxy, config: Config): Finding[] {
  const { maximumHours, maximumRefreshMinutes } = config;
  const expire = settings.isSet("cookie-expire") ? settings.hours("cookie-expire") : weekHours;
  const refresh = settings.isSet("cookie-refresh") ? settings.hours("cookie-refresh") : 0;
  const open = [
    ...((expire ?? 0) > maximumHours
      ? [`a session lasts ${expire} hours (cookie-expire; at most ${maximumHours}h)`]
      : []),
    ...(refresh === 0
      ? [`the issuer is not asked again while a session lasts (cookie-refresh; at most ${maximumRefreshMinutes}m)`]
      : []),
    ...((refresh ?? 0) * 60 > maximumRefreshMinutes
      ? [
          `the issuer is asked every ${(refresh ?? 0) * 60} minutes only (cookie-refresh; at most ${maximumRefreshMinutes}m)`,
        ]
      : []),
  ];
  const message = `Container ${JSON.stringify(container.name)}: ${open.join("; ")}.`;
  return open.length > 0 ? [{ message, resource }] : [];
}
