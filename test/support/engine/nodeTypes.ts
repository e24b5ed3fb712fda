import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypes } from 'n8n-workflow';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** What a node's `execute` returned or threw, before the engine changes it. */
export interface Call {
	node: string;
	returned?: unknown;
	thrown?: unknown;
}

/** The node types of one run. It records each call of a node. */
export class NodeTypes implements INodeTypes {
	readonly calls: Call[] = [];
	private readonly observed = new Map<string, INodeType>();

	constructor(types: Record<string, INodeType>) {
		for (const [name, type] of Object.entries(types)) this.observed.set(name, this.observe(type));
	}

	getByName(name: string): INodeType {
		return this.getByNameAndVersion(name);
	}

	/** Undefined tells the engine that the node is unknown. */
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
						// The engine empties these arrays when it sorts items by their errors.
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
