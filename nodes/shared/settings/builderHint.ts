import type { INodeTypeDescription } from 'n8n-workflow';
import type { MediaKind } from '../../../client';

type BuilderHint = NonNullable<INodeTypeDescription['builderHint']>;

/** What n8n's AI workflow builder reads about a node. Older versions of n8n ignore it. */
export function builderHint(kind: MediaKind, other: { displayName: string; name: string }) {
	return {
		searchHint: [
			`Checks whether ${kind.plural} are AI-generated or deepfakes.`,
			`Connect a node that outputs files before it, and give it all items at once, without a loop: it sends up to ${kind.maxFiles} files in one request and outputs one item per input item, in the same order, with isAI (boolean) and confidence (0 to 1).`,
			'Set binaryPropertyName to the field of the file, or to "*" for all files of an item.',
			'Turn on routeByVerdict for three outputs: 0 AI Generated, 1 Review, 2 Authentic.',
			`For a mix of images and videos, connect ${other.displayName} behind it and set otherItems to "passThrough" in both.`,
			'For runs that nobody watches, set onError to "continueErrorOutput".',
		].join(' '),
		relatedNodes: [
			...FILES_FROM,
			{
				nodeType: `n8n-nodes-bitmind.${other.name}`,
				relationHint: 'Comes before or after it for a mix of images and videos',
			},
			{
				nodeType: 'n8n-nodes-base.if',
				relationHint: 'Comes after it, to branch by confidence if routeByVerdict is off',
			},
		],
	} satisfies BuilderHint;
}

const FILES_FROM = [
	{
		nodeType: 'n8n-nodes-base.formTrigger',
		relationHint: 'Comes before it: uploads by people, with binaryPropertyName "*"',
	},
	{
		nodeType: 'n8n-nodes-base.gmailTrigger',
		relationHint: 'Comes before it: attachments, with binaryPropertyName "attachment_*"',
	},
	{
		nodeType: 'n8n-nodes-base.httpRequest',
		relationHint: 'Comes before it: downloads, with the response format File',
	},
	{
		nodeType: 'n8n-nodes-base.readWriteFile',
		relationHint: 'Comes before it: the files of a folder',
	},
];
