import type { MediaKind } from '../../../client';

/** What users read: what happened, and what to do about it. */
export interface Message {
	message: string;
	description: string;
}

/** Shortens a text that the package didn't write to one line. */
export function shorten(text: string): string {
	const line = text.replace(/[\p{C}\s]+/gu, ' ');
	return line.length > 80 ? `${Array.from(line).slice(0, 80).join('')}…` : line;
}

/** Names the file that a message is about; many have no name. */
export function withFileName({ message, description }: Message, fileName: string): Message {
	return { message: fileName ? `'${shorten(fileName)}': ${message}` : message, description };
}

/** How to get the other items checked when one of them would end the run. */
export function continueAdvice({ plural }: MediaKind): string {
	return `To check the other ${plural} anyway, open the node's 'Settings' tab and set 'On Error' to 'Continue' or 'Continue (using error output)'.`;
}

/** As in '1 image', '2 images'. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
	return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}
