import { expect, test } from 'vitest';
import { everyStack } from '#test/synth/every-stack.ts';

test.each(['dev', 'prod'])(
  'the stack of the API of 0.2 finds the receiver that it reads by `Fn::GetStackOutput`: %s can be rolled back',
  async (environment) => {
    const { support } = await everyStack(environment);
    expect(support?.Outputs).toMatchObject({
      PublishOutputFnGetAttIntakeReceiverFunction4ADDA814ArnCE3400FA: {
        Value: { 'Fn::GetAtt': ['IntakeReceiverFunction4ADDA814', 'Arn'] },
      },
    });
  },
);
