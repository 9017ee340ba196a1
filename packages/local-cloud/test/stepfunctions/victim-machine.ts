const send = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { QueueUrl: 'q', MessageBody: { token: '{% $states.context.Task.Token %}', item: '{% $states.input %}' } },
  End: true,
};

/** 300 items in batches of 10, each waiting for its token. */
export const manyItems = {
  name: 'many',
  roleArn: 'arn:aws:iam::000000000000:role/machine',
  definition: JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Label: 'Each',
        Items: '{% [1..300] %}',
        ItemBatcher: { MaxItemsPerBatch: 10 },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Batch',
          States: {
            Batch: {
              Type: 'Map',
              Items: '{% $states.input.Items %}',
              ItemProcessor: { StartAt: 'Send', States: { Send: send } },
              End: true,
            },
          },
        },
        ResultWriter: { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSON' } },
        End: true,
      },
    },
  }),
};
