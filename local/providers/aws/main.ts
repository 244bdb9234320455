import { main } from "../grpc/server";
import { AwsProvider } from "./provider";

void main(new AwsProvider());
