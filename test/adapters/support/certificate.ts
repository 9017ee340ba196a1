import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  /** PEM of the private key. */
  readonly key: string;
  /** PEM of the self-signed certificate. */
  readonly cert: string;
}

const DAY = 86_400_000;
const SEQUENCE = 0x30;
/** `ecdsa-with-SHA256`, `commonName`, `subjectAltName`, as DER object identifiers. */
const ECDSA_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const ALT_NAME = '0603551d11';

/** Creates a self-signed certificate for a host name, valid today: X.509 v3 in DER, with the minimum that TLS needs. */
export function certificateFor(host: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, Buffer.from(ECDSA_SHA256, 'hex'));
  const commonName = der(SEQUENCE, Buffer.from(COMMON_NAME, 'hex'), der(0x0c, Buffer.from(host)));
  const name = der(SEQUENCE, der(0x31, commonName));
  const altNames = der(0x04, der(SEQUENCE, der(0x82, Buffer.from(host))));
  const extension = der(SEQUENCE, Buffer.from(ALT_NAME, 'hex'), altNames);
  const content = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(SEQUENCE, time(Date.now() - DAY), time(Date.now() + DAY)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, extension)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const base64 = der(SEQUENCE, content, algorithm, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** A value of DER: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** GeneralizedTime in whole seconds. */
const time = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
