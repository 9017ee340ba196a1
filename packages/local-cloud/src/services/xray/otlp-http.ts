import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Intake } from './intake.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html: 5 MB, uncompressed. */
export const BODY_LIMIT = 5 * 2 ** 20;
const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

/** Takes the spans of a request of OTLP over HTTP. Throws `ServiceError`. */
export async function takeOtlp(intake: Intake, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers } = request;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim();
  if (type !== JSON_TYPE && type !== PROTOBUF_TYPE) {
    const message = `The content type must be ${JSON_TYPE} or ${PROTOBUF_TYPE}.`;
    throw new ServiceError('InvalidRequestException', message, 415);
  }
  const sent = await readBody(request, BODY_LIMIT);
  const body = headers['content-encoding'] === 'gzip' ? unzipped(sent) : sent;
  try {
    if (type === JSON_TYPE) intake.json(JSON.parse(body.toString('utf8')));
    else intake.protobuf(body);
  } catch {
    throw new ServiceError('InvalidRequestException', 'The request is not a valid ExportTraceServiceRequest of OTLP.');
  }
  send(response, 200, type === JSON_TYPE ? '{}' : '', { 'content-type': type });
}

function unzipped(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: BODY_LIMIT });
  } catch {
    throw new ServiceError('InvalidRequestException', 'The body is not valid gzip, or is larger than 5 MB.');
  }
}
