import type { ResourceType } from './resource.ts';

/**
 * Functions that CDK puts into a template to run its own custom resources, by the start of their logical id. They are
 * not run here: what their custom resources do is done natively, or needs no doing.
 */
const PROVIDER_FUNCTIONS: Readonly<Record<string, string>> = {
  BucketNotificationsHandler050a0587b7544547bf325f094a3db834:
    'Custom::S3BucketNotifications, done by packages/local-cloud/src/resources/bucket.ts',
  CustomS3AutoDeleteObjectsCustomResourceProviderHandler:
    'Custom::S3AutoDeleteObjects, which acts when a stack is deleted',
  LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a: 'Custom::LogRetention, since local logs stay until they are removed',
};

/** Whether the resource is such a function. */
export function isProviderFunction(type: string, logicalId: string): boolean {
  return (
    type === 'AWS::Lambda::Function' && Object.keys(PROVIDER_FUNCTIONS).some((start) => logicalId.startsWith(start))
  );
}

/** Stands for a provider's function, for the custom resources that name it. */
export const providerFunction: ResourceType = {
  type: 'AWS::Lambda::Function',
  provision: async (_properties, context) => {
    const name = context.physicalName(64);
    return { ref: name, attributes: { Arn: context.arn('lambda', `function:${name}`) } };
  },
};
