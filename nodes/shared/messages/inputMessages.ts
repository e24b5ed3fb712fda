import { IMAGES, VIDEOS, type MediaKind, type Recognized } from '../../../client';
import { formats } from '../settings/description';
import type { InputProblem, Unreadable } from '../settings/inputProblem';
import { shorten, type Message } from './message';
import { nodeFor, otherFileMessage } from './otherFiles';

/** Message and description for an item or a file that is refused before it is sent. */
export function inputMessage(problem: InputProblem, media: MediaKind): Message {
	const words = INPUT_MESSAGES[problem.kind] as (
		problem: InputProblem,
		media: MediaKind,
	) => Message;
	return words(problem, media);
}

const INPUT_MESSAGES: {
	[Kind in InputProblem['kind']]: (
		problem: Extract<InputProblem, { kind: Kind }>,
		media: MediaKind,
	) => Message;
} = {
	badParameter: ({ label, rule, value }) => ({
		message: `'${label}' must be ${rule}`,
		description: `Its value is '${shorten(value)}'. Change it in the node's parameters; if it comes from an expression, check what the expression returns for this item.`,
	}),
	badBands: ({ reviewFrom, aiFrom }) => ({
		message: `'Threshold for Review' (${reviewFrom}) must not be higher than 'Threshold for AI Generated' (${aiFrom})`,
		description:
			"Files from 'Threshold for Review' on need review, and files from 'Threshold for AI Generated' on count as AI-generated. Change one of the two, or remove it: it then takes the value of the other.",
	}),
	badExpression: ({ label, reason }) => ({
		message: `The expression of '${label}' can't be evaluated: ${shorten(reason)}`,
		description: "Open the node's parameters and check what the expression returns for this item.",
	}),
	noField: ({ field, available }, media) => ({
		message: `The item has no binary field '${shorten(field)}'`,
		description: whereToLook(available, media, "Change 'Input Binary Field'"),
	}),
	noMatch: ({ pattern, available }, media) => ({
		message: `The item has no binary field that matches '${shorten(pattern)}'`,
		description: whereToLook(available, media, "Change 'Input Binary Field'"),
	}),
	noFile: ({ available }, media) => ({
		message: "'Input Binary Field' gives no file for this item",
		description: whereToLook(available, media, 'Check what its expression returns'),
	}),
	noContent: ({ field, available }) => ({
		message: `'Input Binary Field' gives an object that leads to no file${field ? ` (${shorten(field)})` : ''}`,
		description: `Expressions can't access the content of files that the items themselves carry. Enter the field's name instead. ${listFields(available)}`,
	}),
	noFileContent: (file) => ({
		message: `${fileIn(file)} has no content that can be read`,
		description: `The field contains neither the id of a stored file, nor base64 text, nor bytes. ${IN_CODE}`,
	}),
	lostId: (file) => ({
		message: `${fileIn(file)} can't be read, because it is a copy that lost its id. Copy the whole binary object, id included`,
		description:
			"The id is how n8n finds the file's content. In a Code node, write binary: item.binary, or add id: item.binary.data.id to the copy.",
	}),
	badBase64: (file) => ({
		message: `${fileIn(file)} can't be read, because its content is not valid base64`,
		description: `The item itself carries the content, as text that is damaged or in another encoding. ${IN_CODE}`,
	}),
	unsupported: ({ found, ...file }, media) => ({
		message: `${fileIn(file)} ${whatInstead(found, media)}`,
		description: `The file's content decides, not its name or MIME type. Filter such files out before this node, or set 'Items Without a Matching File' to 'Pass Through' to let them pass unchecked.`,
	}),
	empty: (file) => ({
		message: `${fileIn(file)} is empty`,
		description: 'Check the node that the file comes from: a download may have been cut off.',
	}),
	tooLarge: ({ bytes, ...file }, media) => ({
		message: `${fileIn(file)} is larger than the ${floorMb(media.maxFileBytes)} MB that BitMind accepts`,
		description: `It has ${ceilMb(bytes)} MB. Reduce its size before this node${media.name === 'video' ? ', or cut it into shorter parts' : ''}.`,
	}),
	unreadable: ({ cause, ...file }) => ({
		message: `${fileIn(file)} can't be read from n8n's binary data`,
		description: whyUnreadable(cause),
	}),
	noAnswer: ({ seconds, ...file }) => ({
		message: `${fileIn(file)} can't be read, because n8n's storage does not respond`,
		description: `It returned nothing within ${seconds} seconds, the node's 'Timeout (Seconds)'. Check the disk, network share or cloud storage in which n8n keeps its binary data, then run the workflow again.`,
	}),
	noCredential: () => ({
		message: 'No credential is chosen in the node',
		description: "Choose or create one of the type 'BitMind Enterprise API' in the node.",
	}),
	credentialUnavailable: ({ reason }) => ({
		message: `n8n could not provide the credential: ${shorten(reason)}`,
		description:
			'Open the credential to see whether it is complete and shared with this workflow. If it contains an expression, check what the expression returns for this item.',
	}),
	outputsUnknown: () => ({
		message: "n8n does not know this node's outputs, so items would have been lost",
		description:
			"Nothing was sent. Set 'On Error' in the node's settings to 'Continue', which needs no error output, and run the workflow again.",
	}),
	unexpected: ({ reason }) => ({
		message: `Something went wrong in the node itself: ${shorten(reason)}`,
		description:
			'This item has no verdict, although its files may have been sent. Please report it: https://github.com/n8n-nodes-bitmind/n8n-nodes-bitmind/issues',
	}),
};

const IN_CODE =
	'In a Code node, create the binary object with await this.helpers.prepareBinaryData(buffer, fileName).';

function whatInstead({ format, other }: Recognized, media: MediaKind): string {
	if (other) {
		const { says, advice } = otherFileMessage(other, media);
		return `${says}. ${advice}`;
	}
	const kind = IMAGES.formats.includes(format) ? IMAGES.name : VIDEOS.name;
	return `is ${format.name}, not ${formats(media)}. Use ${nodeFor(kind)} for it`;
}

function whyUnreadable(cause: Unreadable): string {
	switch (cause.kind) {
		case 'gone':
			return 'It was deleted in the meantime, for example with the execution that it belongs to. Run the nodes before this one again.';
		case 'noStore':
			return `It is kept in the storage '${shorten(cause.mode)}', which this n8n does not have. Set that storage up in n8n's environment again, or run the nodes before this one again.`;
		case 'refused':
			return `The storage refuses it (${shorten(cause.code)}). Check the storage and its permissions, then run the workflow again.`;
	}
}

function fileIn({ field, fileName }: { field: string; fileName: string }): string {
	const name = fileName ? ` '${shorten(fileName)}'` : '';
	return field ? `The file${name} in '${shorten(field)}'` : `The file${name}`;
}

const PASS_THROUGH = "set 'Items Without a Matching File' to 'Pass Through'";

/** @param cure what to do if the item has files, but not in this field */
function whereToLook(available: readonly string[], { name }: MediaKind, cure: string): string {
	if (available.length === 0) {
		return `The item has no files. Connect a node that outputs ${name} files, such as HTTP Request with the response format 'File', a form, a mail trigger, or Read/Write Files from Disk. If only some items have a file, ${PASS_THROUGH}.`;
	}
	return `${listFields(available)} ${cure}, or ${PASS_THROUGH}.`;
}
function listFields(available: readonly string[]): string {
	if (available.length === 0) return 'The item has no files.';
	return `Its binary fields are: ${available.slice(0, 10).map(quoteBlanks).join(', ')}${available.length > 10 ? ' …' : ''}.`;
}

/** Quotes make a space at the end of a name visible. */
function quoteBlanks(field: string): string {
	return field === field.trim() ? shorten(field) : `'${shorten(field)}'`;
}

/** Decimal megabytes, as n8n shows the size of a file. Rounded down for a limit, up for a file. */
function floorMb(bytes: number): number {
	return Math.floor(bytes / 100_000) / 10;
}

function ceilMb(bytes: number): number {
	return Math.ceil(bytes / 100_000) / 10;
}
