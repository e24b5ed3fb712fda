/** n8n's names for its stores. It writes them where a file's content would be, if the file has an ID. */
const MODES = ['filesystem', 'filesystem-v2', 'database', 's3', 'azure'];

/** What becomes of them if they are taken for base64. */
const DECODED = MODES.map((mode) => Buffer.from(mode, 'base64'));

/** Names like these, for stores that are yet to come. No picture is that short. */
const MODE_WORD = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const MAX_WORD_LETTERS = 24;

/** Whether a text is one of these names instead of a file's content. */
export function isModeWord(text: string): boolean {
	return text.length <= MAX_WORD_LETTERS && MODE_WORD.test(text.trim());
}

/** Whether a file's content was made of such a text. */
export function isStoredModeWord(head: Buffer, size: number): boolean {
	return DECODED.some((content) => content.length === size && content.equals(head));
}
