/** An image reference, taken apart. */
export interface Image {
  /** Registry and path: `public.ecr.aws/docker/library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export function imageOf(reference: string): Image {
  const [, repository = reference, tag, digest] =
    /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference.trim()) ?? [];
  return { repository, tag, digest };
}

/** The numbers of a version: `v7.15.3-alpine` is 7, 15, 3. Undefined where a tag begins with none. */
export function versionOf(tag: string | undefined): number[] | undefined {
  const found = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?!\d)/.exec(tag ?? "");
  return found ? found.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)])) : undefined;
}

/** Whether a version is below another; one that says less (`3.8`) is the newest that it may be. */
export function isBelow(version: readonly number[], floor: readonly number[]): boolean {
  for (const [index, least] of floor.entries()) {
    const part = version[index] ?? Infinity;
    if (part > least) return false;
    if (part < least) return true;
  }
  return false;
}

/** Whether a tag names one release and not whatever is newest: a full version, a commit, a date. */
export function isFixed({ tag = "", digest }: Image): boolean {
  if (digest !== undefined) return true;
  if (!/\d/.test(tag) || /(?:^|-)(?:latest|main|master|edge|nightly|stable|dev|rolling|mainline)(?:-|$)/i.test(tag))
    return false;
  return !/^v?\d{1,2}(?:\.\d{1,3})?(?:-[a-z][\w.]*)*$/i.test(tag);
}
