import type { MediaKind } from '../../../client';
import type { InputProblem } from '../settings/inputProblem';
import { formats, shorten, type Words } from './message';

/** Words for an item that is refused before anything is sent for it. */
export function inputWords(problem: InputProblem, media: MediaKind): Words {
	const words = INPUT_WORDS[problem.kind] as (problem: InputProblem, media: MediaKind) => Words;
	return words(problem, media);
}

const INPUT_WORDS: {
	[Kind in InputProblem['kind']]: (
		problem: Extract<InputProblem, { kind: Kind }>,
		media: MediaKind,
	) => Words;
} = {
	badParameter: ({ label, rule, value }) => ({
		message: `'${label}' must be ${rule}`,
		description: `Its value is '${shorten(value)}'. Change it in the node's parameters; if it comes from an expression, look at what that gives for this item.`,
	}),
	badBands: ({ reviewFrom, aiFrom }) => ({
		message: `'Review From' (${reviewFrom}) must not be above 'AI From' (${aiFrom})`,
		description:
			"Items go to review from 'Review From' up to 'AI From', and count as AI-generated from there on. Change one of the two in the node's options.",
	}),
	badExpression: ({ label, reason }) => ({
		message: `The expression of '${label}' can't be evaluated: ${shorten(reason)}`,
		description: "Open the node's parameters and look at what the expression gives for this item.",
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
		description: whereToLook(available, media, 'Look at what its expression gives'),
	}),
	noContent: ({ field }) => ({
		message: `The binary object that 'Input Binary Field' gives has no content${field ? ` (${shorten(field)})` : ''}`,
		description:
			"n8n leaves content that an item carries itself out of expressions. Give the field's name instead, such as data.",
	}),
	unsupported: ({ field, fileName, found }, media) => ({
		message: `${fileIn(field, fileName)} is not ${formats(media)}`,
		description: `${found ? `It is ${found}. ` : ''}The file's first bytes decide, not its name or MIME type. Filter such files out before this node, or set 'Items Without a Matching File' to 'Pass Through'.`,
	}),
	empty: ({ field, fileName }) => ({
		message: `${fileIn(field, fileName)} is empty`,
		description: 'Check the node that the file comes from: a download may have been cut off.',
	}),
	tooLarge: ({ field, fileName, bytes }, media) => ({
		message: `${fileIn(field, fileName)} is larger than the ${megabytes(media.maxFileBytes)} MB that BitMind takes`,
		description: `It has ${megabytes(bytes)} MB. Make it smaller before this node${media.name === 'video' ? ', or cut it into shorter parts' : ''}.`,
	}),
	unreadable: ({ field, fileName }) => ({
		message: `${fileIn(field, fileName)} can't be read from n8n's binary data`,
		description:
			'It may have been deleted meanwhile, or the binary data mode has changed. Run the nodes before this one again.',
	}),
	noCredential: () => ({
		message: 'No credential is chosen in the node',
		description: "Choose one of the type 'BitMind Enterprise API' there, or create one.",
	}),
	credentialUnavailable: ({ reason }) => ({
		message: `n8n did not give the node its credential: ${shorten(reason)}`,
		description:
			'Open the credential to see whether it is complete and shared with this workflow. If it holds an expression, look at what that gives for this item.',
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

function fileIn(field: string, fileName: string): string {
	return fileName
		? `The file '${shorten(fileName)}' in '${shorten(field)}'`
		: `The file in '${shorten(field)}'`;
}

const PASS_THROUGH = "set 'Items Without a Matching File' to 'Pass Through'";

/** @param cure what helps if the item has files, but not where they are looked for */
function whereToLook(available: readonly string[], { name }: MediaKind, cure: string): string {
	if (available.length === 0) {
		return `It has no files at all. Connect a node that puts out ${name} files, such as HTTP Request with the response format 'File', a form, a mail trigger, or Read/Write Files from Disk. If only some items have a file, ${PASS_THROUGH}.`;
	}
	const names = available.slice(0, 10).map(shorten).join(', ');
	const more = available.length > 10 ? ' …' : '';
	return `Its binary fields are: ${names}${more}. ${cure}, or ${PASS_THROUGH}.`;
}

function megabytes(bytes: number): number {
	return Math.ceil((bytes / 1024 / 1024) * 10) / 10;
}
