/** Single services without a local cloud. Start one with `serve`. */
export { createCloudWatch } from '../src/services/cloudwatch/service.ts';
export { createDynamoDb } from '../src/services/dynamodb/service.ts';
export { createKinesis } from '../src/services/kinesis/service.ts';
export { createLogs } from '../src/services/logs/service.ts';
export { createS3 } from '../src/services/s3/service.ts';
export { createSecretsManager } from '../src/services/secretsmanager/service.ts';
export { createSes } from '../src/services/ses/service.ts';
export { createSns } from '../src/services/sns/service.ts';
export { createXray } from '../src/services/xray/service.ts';
export { createSqs } from '../src/services/sqs/service.ts';
