/** `aws:lb/listener:Listener` as `{ module: "lb/listener", name: "Listener" }`; the module "index" is the package's root. */
export function parseToken(token: string): { module: string; name: string } {
  const [, path = "", name = ""] = token.split(":");
  return { module: path.replace(/^index\//, ""), name };
}
