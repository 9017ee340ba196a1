import { listed, type Sourced } from './sourced.ts';

/** Services that a task is billed for. */
export const SERVICES = [
  'DynamoDB',
  'Lambda',
  'API Gateway',
  'SQS',
  'Step Functions',
  'S3',
  'X-Ray',
  'CloudWatch logs',
] as const;
export type Service = (typeof SERVICES)[number];

/** List prices in us-east-1 on 28 November 2026, in US dollars per unit, without the free tier. */
export const PRICES = {
  writeUnit: listed(0.625e-6, 'https://aws.amazon.com/dynamodb/pricing/on-demand/: a write of 1 KB'),
  readUnit: listed(0.125e-6, 'https://aws.amazon.com/dynamodb/pricing/on-demand/: a read of 4 KB'),
  lambdaRequest: listed(0.2e-6, 'https://aws.amazon.com/lambda/pricing/: arm64'),
  apiRequest: listed(3.5e-6, 'https://aws.amazon.com/api-gateway/pricing/: REST, the first 333 million'),
  sqsRequest: listed(0.4e-6, 'https://aws.amazon.com/sqs/pricing/: standard queue, up to 64 KB'),
  transition: listed(25e-6, 'https://aws.amazon.com/step-functions/pricing/: Standard'),
  s3Put: listed(5e-6, 'https://aws.amazon.com/s3/pricing/'),
  trace: listed(5e-6, 'https://aws.amazon.com/xray/pricing/: a recorded trace'),
  logGigabyte: listed(0.5, 'https://aws.amazon.com/cloudwatch/pricing/: standard class'),
} as const satisfies Record<string, Sourced>;

/** Lambda's price of a GB-second on arm64 falls with the month's use. */
const GB_SECOND_SOURCE = 'https://aws.amazon.com/lambda/pricing/: arm64, per month';
export const GB_SECOND_TIERS: readonly { readonly upTo: number; readonly price: Sourced }[] = [
  { upTo: 7.5e9, price: listed(0.0000133334, GB_SECOND_SOURCE) },
  { upTo: 18.75e9, price: listed(0.0000120001, GB_SECOND_SOURCE) },
  { upTo: Infinity, price: listed(0.0000106667, GB_SECOND_SOURCE) },
];

/** Returns the dollars of GB-seconds within one month. */
export function gbSecondsUsd(gbSeconds: number): number {
  let [usd, from] = [0, 0];
  for (const { upTo, price } of GB_SECOND_TIERS) {
    usd += Math.max(0, Math.min(gbSeconds, upTo) - from) * price.value;
    from = upTo;
  }
  return usd;
}
