import { main } from "../grpc/server";
import { RandomProvider } from "./provider";

void main(new RandomProvider());
