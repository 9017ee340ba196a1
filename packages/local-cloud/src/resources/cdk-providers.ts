import type { ResourceType } from './resource.ts';

/**
 * Functions that CDK adds to a template to run its own custom resources, by the prefix of their logical id. They do not
 * run here: their custom resources are implemented natively or have nothing to do.
 */
const PROVIDER_FUNCTIONS: Readonly<Record<string, string>> = {
  BucketNotificationsHandler050a0587b7544547bf325f094a3db834:
    'Custom::S3BucketNotifications, implemented in packages/local-cloud/src/resources/bucket.ts',
  CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C:
    'Custom::CDKBucketDeployment, which has no effect: see registered.ts',
  CustomS3AutoDeleteObjectsCustomResourceProviderHandler:
    'Custom::S3AutoDeleteObjects, which acts when a stack is deleted',
  LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a: 'Custom::LogRetention, which has no effect: local logs never expire',
};

/** Whether a resource is a function of one of CDK's custom resources. */
export function isProviderFunction(type: string, logicalId: string): boolean {
  return (
    type === 'AWS::Lambda::Function' && Object.keys(PROVIDER_FUNCTIONS).some((start) => logicalId.startsWith(start))
  );
}

/** Represents a provider function, so that custom resources can refer to it. */
export const providerFunction: ResourceType = {
  type: 'AWS::Lambda::Function',
  provision: async (_properties, context) => {
    const name = context.physicalName(64);
    return { ref: name, attributes: { Arn: context.arn('lambda', `function:${name}`) } };
  },
};
