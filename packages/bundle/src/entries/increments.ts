/** What a transfer tells of all its bytes, for somebody who counts each. */
export function increments(onMore: (bytes: number) => void): (progress: { readonly bytes: number }) => void {
  let before = 0;
  return ({ bytes }) => {
    onMore(bytes - before);
    before = bytes;
  };
}
