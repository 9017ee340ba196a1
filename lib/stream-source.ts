import { z } from 'zod';

const topics = z.array(z.string().min(1).max(249)).min(1).max(10);
/** Pollers of its own. Only then does Lambda heed a partial response of a Kafka router. Billed by the hour. */
const pollers = z
  .object({ minimum: z.number().int().min(1).max(200), maximum: z.number().int().min(1).max(2_000) })
  .optional();
/** The consumer group. A mapping that is created again with the same one goes on where the last one stopped. */
const consumerGroup = z.string().min(1).max(200).optional();

/**
 * The VPC of a cluster that the internet does not reach. From there Lambda must reach Lambda, STS and Secrets Manager too: by a
 * NAT gateway or by endpoints (https://docs.aws.amazon.com/lambda/latest/dg/services-kafka-setup.html).
 */
const network = z
  .strictObject({
    subnetIds: z.array(z.string().startsWith('subnet-')).min(1).max(16),
    securityGroupIds: z.array(z.string().startsWith('sg-')).min(1).max(5),
  })
  .optional();

/** Where a stream's events come from, as a system's settings have it. */
export const streamSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('kinesis'),
    /** Shards, 1 MB or 1,000 records per second each. @default on demand, which costs $29 a month when idle, a shard $11 */
    shards: z.number().int().min(1).max(500).optional(),
    /** Hours that a record is kept, 24 to 8,760. @default 24 */
    retentionHours: z.number().int().min(24).max(8_760).default(24),
  }),
  z.strictObject({
    kind: z.literal('kafka'),
    bootstrapServers: z
      .array(z.string().regex(/^[^:\s]+:\d+$/, 'must be host:port'))
      .min(1)
      .max(10),
    topics,
    /** A secret of Secrets Manager with `username` and `password` (SCRAM-SHA-512, or PLAIN over TLS). */
    secretArn: z.string().startsWith('arn:'),
    authentication: z.enum(['SASL_SCRAM_512_AUTH', 'SASL_SCRAM_256_AUTH', 'BASIC_AUTH']).default('SASL_SCRAM_512_AUTH'),
    /** @default the brokers have public addresses */
    network,
    consumerGroup,
    pollers,
    /** Hours that the topics keep a record. */
    retentionHours: z.number().int().min(1).max(8_760).default(168),
  }),
  z.strictObject({
    kind: z.literal('msk'),
    /** A cluster with IAM authentication. */
    clusterArn: z.string().startsWith('arn:'),
    topics,
    consumerGroup,
    pollers,
    retentionHours: z.number().int().min(1).max(8_760).default(168),
  }),
]);
export type StreamSource = z.output<typeof streamSourceSchema>;
