import type { Model } from '#core/ports/model.ts';

/** A model whose calls wait until they are let go. */
export function heldModel(model: Model) {
  const called = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const held: Model = {
    ...model,
    async invoke(request) {
      called.resolve();
      await answered.promise;
      return model.invoke(request);
    },
  };
  return { model: held, called: called.promise, letGo: answered.resolve };
}
