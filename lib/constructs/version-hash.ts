import { createHash } from 'node:crypto';
import { Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** The variable that changes with the resources that the others name. No code reads it. */
const DIGEST = 'NAMED_RESOURCES_DIGEST';

/**
 * Publishes a new version of the function when a resource of its own stack that its environment names has changed. CDK's
 * version depends on the template's text, which is the same `Ref` before and after a queue got another name or a table
 * another key. The alias would keep a version with the name of what CloudFormation has replaced.
 *
 * The digest is a variable of the function. If only the version's logical id changed, Lambda would return the version
 * before, and CloudFormation would fail: "A version for this Lambda function exists".
 */
export function publishWithWhatItNames(fn: LambdaFunction): void {
  Aspects.of(fn).add({
    visit(node) {
      if (node !== fn) return;
      // What CDK will write into the template; no public method tells it.
      // oxlint-disable-next-line no-underscore-dangle
      const named = namedResources(fn).map((resource) => Stack.of(fn).resolve(resource._toCloudFormation()) as unknown);
      if (named.length === 0) return;
      fn.addEnvironment(DIGEST, createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 16));
    },
  });
}

function namedResources(fn: LambdaFunction): readonly CfnResource[] {
  const stack = Stack.of(fn);
  const resource = fn.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error(`${fn.node.path} has no AWS::Lambda::Function.`);
  const environment = JSON.stringify(stack.resolve(resource.environment) ?? {});
  const references = environment.matchAll(/"Ref":"([^"]+)"|"Fn::GetAtt":\["([^"]+)"/g);
  const ids = new Set([...references].map(([, ref, attribute]) => ref ?? attribute));
  return (
    stack.node
      .findAll()
      .filter((child) => CfnResource.isCfnResource(child))
      // An alias keeps its ARN. Its own text contains the version's id, which depends on this.
      .filter(({ cfnResourceType }) => cfnResourceType !== 'AWS::Lambda::Alias')
      .filter((child) => ids.has(stack.resolve(child.logicalId) as string))
  );
}
