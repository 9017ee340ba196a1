import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Keeps outputs under the names by which stacks of release 0.2 read them (`Fn::GetStackOutput`), next to the exports that
 * replace them. Without these, a stack of 0.2 could not roll its own failed update back, and an environment could not
 * return to 0.2: its stacks read the outputs before the platform's stack has them again. Names and values are as the CDK
 * made them. Remove them in the release after the next one (docs/adr/0024).
 */
export function keepOutputs(scope: Construct, values: readonly (string | undefined)[]): readonly CfnOutput[] {
  const stack = Stack.of(scope);
  const published = stack.node.tryFindChild('Publish') ?? new Construct(stack, 'Publish');
  return values.flatMap((value) => {
    const id = `Output${JSON.stringify(stack.resolve(value))}`;
    const isMade = value === undefined || published.node.tryFindChild(id) !== undefined;
    return isMade ? [] : [new CfnOutput(published, id, { value })];
  });
}
