import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypes } from 'n8n-workflow';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** What a node's `execute` really did, before the engine flattens, moves and rewrites it. */
export interface Call {
	node: string;
	returned?: unknown;
	thrown?: unknown;
}

/** The node types of one run. Each call of a node is kept, so that a test can look behind the engine. */
export class NodeTypes implements INodeTypes {
	readonly calls: Call[] = [];
	private readonly observed = new Map<string, INodeType>();

	constructor(types: Record<string, INodeType>) {
		for (const [name, type] of Object.entries(types)) this.observed.set(name, this.observe(type));
	}

	getByName(name: string): INodeType {
		return this.getByNameAndVersion(name);
	}

	/** Undefined is how the engine learns that it doesn't know a node. */
	getByNameAndVersion(name: string): INodeType {
		return this.observed.get(name) as INodeType;
	}

	getKnownTypes(): Record<string, never> {
		return {};
	}

	private observe(type: INodeType): INodeType {
		const { calls } = this;
		const execute = Reflect.get(type, 'execute') as Execute;
		return Object.create(type, {
			execute: {
				value: async function (this: IExecuteFunctions) {
					const call: Call = { node: this.getNode().name };
					calls.push(call);
					try {
						const output = await execute.call(this);
						// The engine empties these arrays where it sorts items by their errors.
						call.returned = output.map((items) => [...items]);
						return output;
					} catch (error) {
						call.thrown = error;
						throw error;
					}
				},
			},
		}) as INodeType;
	}
}
