import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { inChunks } from '#core/concurrency/in-chunks.ts';
import type { Resource, SpanExporter } from './exporter.ts';
import { otlpProtobuf } from './otlp-protobuf.ts';

/** A datagram has at most 65,507 bytes. A hundred spans with our attributes have about 52,000 in base64. */
const MAX_SPANS = 100;
const MAX_BYTES = 65_000;
/** What X-Ray's daemon expects first. `T1S`: sampled spans in OTLP. */
const HEADER = '{"format":"json","version":1}\nT1S';

export interface UdpExporterOptions {
  readonly resource: Resource;
  /** `host:port` of X-Ray's daemon, as Lambda sets AWS_XRAY_DAEMON_ADDRESS. */
  readonly address: string;
}

/**
 * Sends spans to the X-Ray daemon beside a Lambda function, as AWS's own exporter does
 * (aws-observability/aws-otel-js-instrumentation, exporters/aws-distro-opentelemetry-exporter-xray-udp): no connection, no
 * signature, nothing to wait for.
 */
export function udpExporter({ resource, address }: UdpExporterOptions): SpanExporter {
  let opened: Promise<Socket> | undefined;
  const post = async (bytes: string): Promise<void> => {
    const opening = (opened ??= open(address));
    // What failed once may work with the next spans.
    opening.catch(() => (opened = undefined));
    const socket = await opening;
    await new Promise<void>((resolve, reject) =>
      socket.send(bytes, (error) => (error === null ? resolve() : reject(error))),
    );
  };
  return {
    async send(spans) {
      for (const chunk of inChunks(spans, MAX_SPANS)) {
        const whole = datagram(resource, chunk);
        if (whole.length <= MAX_BYTES) await post(whole);
        // Rare: names or ids far longer than usual.
        else for (const one of chunk) await post(datagram(resource, [one]));
      }
    },
  };
}

const datagram = (resource: Resource, spans: Parameters<typeof otlpProtobuf>[1]): string =>
  HEADER + otlpProtobuf(resource, spans).toString('base64');

async function open(address: string): Promise<Socket> {
  const at = address.lastIndexOf(':');
  const socket = createSocket('udp4');
  // Nobody listening is no reason to fail, and the socket none to stay alive.
  socket.on('error', () => undefined);
  socket.unref();
  socket.connect(Number(address.slice(at + 1)), address.slice(0, at));
  await once(socket, 'connect');
  return socket;
}
