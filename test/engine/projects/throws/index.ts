function answer(): number {
  throw new Error("the answer is not known");
}

export const value = answer();
