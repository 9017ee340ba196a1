import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notify, reasonOf, type Notice } from '../parts/notices.ts';

/**
 * A change that a person asked for. Afterwards every part of the page is read again, so that lists and details agree, and
 * a notice says what became of it.
 */
export function useAction<Input, Result>(
  run: (input: Input) => Promise<Result>,
  done: (result: Result, input: Input) => Omit<Notice, 'id' | 'type'> & { readonly type?: Notice['type'] },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (result, input) => notify({ type: 'success', ...done(result, input) }),
    onError: (error) => notify({ type: 'error', text: reasonOf(error) }),
    onSettled: () => client.invalidateQueries(),
  });
}
