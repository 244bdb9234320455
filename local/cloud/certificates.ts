import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate, Certificates } from "./context";
import { run } from "./tools";

const dayMs = 24 * 60 * 60 * 1000;
/** ACM's certificates are good for 13 months and renewed 60 days before the end ("Managed certificate renewal"). */
const leafDays = 395;
const renewBeforeMs = 60 * dayMs;
const authorityDays = 3650;

/** A certificate authority of this machine. Node's crypto signs no X.509, the openssl program does. */
export class CertificateAuthority implements Certificates {
  readonly ca: string;
  readonly #directory: string;
  readonly #issued = new Map<string, Promise<Certificate>>();

  private constructor(directory: string) {
    this.#directory = directory;
    this.ca = readFileSync(join(directory, "ca.pem"), "utf8");
  }

  /**
   * Opens the authority kept in the directory, or makes one.
   *
   * @param name the common name of a new authority: what a person finds in a trust store
   */
  static async open(directory: string, name: string): Promise<CertificateAuthority> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const [key, cert] = [join(directory, "ca.key"), join(directory, "ca.pem")];
    if (!existsSync(cert)) {
      await newKey(key);
      const unfinished = `${cert}.unfinished`;
      await run("openssl", [
        ...["req", "-x509", "-new", "-key", key, "-sha256", "-days", String(authorityDays), "-subj", `/CN=${name}`],
        ...["-config", configFile(directory), "-extensions", "authority", "-out", unfinished],
      ]);
      renameSync(unfinished, cert);
    }
    return new CertificateAuthority(directory);
  }

  issue(names: readonly string[]): Promise<Certificate> {
    if (names.length === 0) throw new Error("a certificate needs a name");
    const id = createHash("sha256").update(names.join("\n").toLowerCase()).digest("hex").slice(0, 32);
    const known = this.#issued.get(id);
    const current = known
      ? known.then((certificate) => (isFresh(certificate.cert) ? certificate : this.#make(id, names)))
      : Promise.resolve(this.#stored(id) ?? this.#make(id, names));
    this.#issued.set(id, current);
    current.catch(() => this.#issued.delete(id));
    return current;
  }

  #stored(id: string): Certificate | undefined {
    try {
      const key = readFileSync(join(this.#directory, `${id}.key`), "utf8");
      const cert = readFileSync(join(this.#directory, `${id}.pem`), "utf8");
      const signed = new X509Certificate(cert).checkIssued(new X509Certificate(this.ca));
      return signed && isFresh(cert) ? { key, cert } : undefined;
    } catch {
      return undefined;
    }
  }

  async #make(id: string, names: readonly string[]): Promise<Certificate> {
    const base = join(this.#directory, id);
    const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",");
    writeFileSync(
      `${base}.ext`,
      `basicConstraints=critical,CA:FALSE\nsubjectAltName=${alternatives}\n${leafExtensions}`,
    );
    await newKey(`${base}.key`);
    await run("openssl", [
      // A common name holds 64 characters at most (RFC 5280); programs read the alternative names only.
      ...["req", "-new", "-key", `${base}.key`, "-subj", `/CN=${(names[0] as string).slice(0, 64)}`],
      ...["-config", configFile(this.#directory), "-out", `${base}.csr`],
    ]);
    const serial = `0x${randomBytes(16).toString("hex")}`;
    await run("openssl", [
      ...["x509", "-req", "-in", `${base}.csr`, "-CA", join(this.#directory, "ca.pem")],
      ...["-CAkey", join(this.#directory, "ca.key"), "-set_serial", serial, "-sha256", "-days", String(leafDays)],
      ...["-extfile", `${base}.ext`, "-out", `${base}.crt`],
    ]);
    const cert = readFileSync(`${base}.crt`, "utf8") + this.ca;
    writeFileSync(`${base}.pem`, cert);
    for (const suffix of [".ext", ".csr", ".crt"]) rmSync(base + suffix);
    return { key: readFileSync(`${base}.key`, "utf8"), cert };
  }
}

const leafExtensions = "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n";

/** openssl's own configuration file differs between machines: this one holds all that is asked of it. */
function configFile(directory: string): string {
  const file = join(directory, "openssl.cnf");
  writeFileSync(
    file,
    `[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`,
  );
  return file;
}

async function newKey(file: string): Promise<void> {
  // openssl makes the files of private keys readable by their owner only.
  await run("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file]);
}

function isFresh(cert: string): boolean {
  return new Date(new X509Certificate(cert).validTo).getTime() - Date.now() > renewBeforeMs;
}
