import { expect, test } from 'vitest';
import { everyStack } from './every-stack.ts';

/** What the stacks of release 0.2.0 read of each other by `Fn::GetStackOutput`, except aliases, whose outputs remain. */
const READ_BY_0_2 = {
  platform: {
    PublishOutputFnGetAttStateTable962DE04CArnF0C8F0DD: { 'Fn::GetAtt': ['StateTable962DE04C', 'Arn'] },
    PublishOutputFnGetAttCallbacksQueueE66F73FBArn2F434081: { 'Fn::GetAtt': ['CallbacksQueueE66F73FB', 'Arn'] },
    PublishOutputRefStateTable962DE04C84B70CD9: { Ref: 'StateTable962DE04C' },
    PublishOutputRefCallbacksQueueE66F73FBB0C57F5D: { Ref: 'CallbacksQueueE66F73FB' },
    PublishOutputRefAuditRecorder0FA3DD8CD67D08E5: { Ref: 'AuditRecorder0FA3DD8C' },
    PublishOutputRefInputsReadersFBEF7FFE5B4C523E: { Ref: 'InputsReadersFBEF7FFE' },
    PublishOutputRefModelSecret3316B79D7329779E: { Ref: 'ModelSecret3316B79D' },
    PublishOutputRefAuditBucket7486E833E654F804: { Ref: 'AuditBucket7486E833' },
    PublishOutputRefInputsBucket6B91523A6926EA5D: { Ref: 'InputsBucket6B91523A' },
    PublishOutputRefInputsUploadersA194B4E2DFFC950E: { Ref: 'InputsUploadersA194B4E2' },
  },
};

test.each(['dev', 'prod'])(
  'stacks of 0.2 find what they read: a stack, or all of %s, can be rolled back',
  async (environment) => {
    const stacks = await everyStack(environment);
    for (const [name, outputs] of Object.entries(READ_BY_0_2))
      expect(stacks[name]?.Outputs).toMatchObject(
        Object.fromEntries(Object.entries(outputs).map(([id, Value]) => [id, { Value }])),
      );
  },
);

test('without a key for the model there is no output for it', async () => {
  const { platform } = await everyStack('dev', { model: '{"provider":"bedrock"}' });
  expect(Object.keys(platform?.Outputs ?? {}).filter((id) => id.includes('ModelSecret'))).toEqual([]);
});
